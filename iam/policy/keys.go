package policy

import "strings"

// Condition keys that follow from the request. They have the first slots of
// every engine, in this order.
const (
	keyPrincipalArn = iota
	keyPrincipalAccount
	keyPrincipalType
	keyUserID
	keyUserName
	keyPrincipalOrgID
	keyPrincipalOrgPaths
	keyPrincipalIsAWSService
	keyPrincipalServiceName
	keyPrincipalServiceNamesList
	keyResourceAccount
	keyResourceOrgID
	keyResourceOrgPaths
	derivedKeys // how many there are
)

var derivedNames = [derivedKeys]string{
	"aws:principalarn", "aws:principalaccount", "aws:principaltype", "aws:userid", "aws:username",
	"aws:principalorgid", "aws:principalorgpaths", "aws:principalisawsservice",
	"aws:principalservicename", "aws:principalservicenameslist",
	"aws:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths",
}

const principalTagPrefix = "aws:principaltag/"

// keyTable gives each condition key that the policies use a slot. It is a
// hash table of its own because names fold case and must not be copied for that.
type keyTable struct {
	names []string // in lower case
	tags  []string // of aws:PrincipalTag keys: the tag key in lower case, else ""
	table []int32  // slot+1, open addressing
}

func newKeyTable() *keyTable {
	t := &keyTable{table: make([]int32, 64)}
	for _, name := range derivedNames {
		t.add(name)
	}
	return t
}

// add returns the slot of a key, making one when there is none.
func (t *keyTable) add(name string) int32 {
	if i := t.find(name); i >= 0 {
		return i
	}
	name = strings.ToLower(name)
	t.names = append(t.names, name)
	tag := ""
	if strings.HasPrefix(name, principalTagPrefix) {
		tag = name[len(principalTagPrefix):]
	}
	t.tags = append(t.tags, tag)
	if len(t.names)*2 > len(t.table) {
		t.table = make([]int32, 2*len(t.table))
		for i := range t.names[:len(t.names)-1] {
			t.place(int32(i))
		}
	}
	slot := int32(len(t.names) - 1)
	t.place(slot)
	return slot
}

func (t *keyTable) place(slot int32) {
	i := t.hash(t.names[slot])
	for t.table[i] != 0 {
		i = (i + 1) % len(t.table)
	}
	t.table[i] = slot + 1
}

// find returns the slot of a key, -1 when no policy uses it.
func (t *keyTable) find(name string) int32 {
	for i := t.hash(name); t.table[i] != 0; i = (i + 1) % len(t.table) {
		if slot := t.table[i] - 1; equalFoldASCII(name, t.names[slot]) {
			return slot
		}
	}
	return -1
}

// hash mixes the length with the last bytes, where key names differ. Setting
// the bit 0x20 makes the two cases of a letter one.
func (t *keyTable) hash(name string) int {
	h := uint32(len(name))
	for i := max(0, len(name)-4); i < len(name); i++ {
		h = h*31 + uint32(name[i]|0x20)
	}
	return int(h^h>>8) & (len(t.table) - 1)
}

// equalFoldASCII compares a name with one in lower case. Key names are ASCII
// but for tag keys, whose other letters are compared as they are after
// strings.ToLower of the policy's spelling.
func equalFoldASCII(s, lower string) bool {
	if len(s) != len(lower) {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if c == lower[i] {
			continue
		}
		if c < 'A' || c > 'Z' || c+'a'-'A' != lower[i] {
			return c >= 0x80 && strings.ToLower(s) == lower
		}
	}
	return true
}
