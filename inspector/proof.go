package inspector

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/awsposture/posture"
)

// Asset is something that there is to scan, as an inventory other than
// Inspector's own has it.
type Asset struct {
	posture.Resource // an image's ID or ARN names its digest; a function's version goes with its ARN, without one it is $LATEST

	Changed  time.Time `json:"changed,omitzero"`   // when the image was pushed or the code deployed: an earlier scan does not count
	Accepted string    `json:"accepted,omitempty"` // why it may be excluded from scanning, "" it may not
}

// Assets makes assets of resources of which no more is known.
func Assets(inventory map[string][]posture.Resource) map[string][]Asset {
	all := make(map[string][]Asset, len(inventory))
	for typ, resources := range inventory {
		all[typ] = make([]Asset, len(resources))
		for i, r := range resources {
			all[typ][i] = Asset{Resource: r}
		}
	}
	return all
}

// Record is what is proved of one scan of one resource.
type Record struct {
	Resource    posture.Resource `json:"resource"`
	Scan        Scan             `json:"scan"`
	InInventory bool             `json:"inInventory"`
	Covered     bool             `json:"covered"` // Inspector has a row of it
	Active      bool             `json:"active"`
	Reason      string           `json:"reason,omitempty"` // as Inspector gives it
	LastScanned time.Time        `json:"lastScanned,omitzero"`
	Mode        string           `json:"mode,omitempty"`
	Verdict     Verdict          `json:"verdict"`
	Fixable     bool             `json:"fixable,omitempty"` // of what is blind: something can be done about it
	Why         string           `json:"why"`               // a sentence or two
}

// String gives Why.
func (r Record) String() string { return r.Why }

// Proof is what was scanned, of what there was: evidence that tests were
// performed. Store it when it is made, since Inspector forgets what is closed or
// gone. It is JSON, and compliance/evidence can sign it.
type Proof struct {
	Version   int             `json:"version"`
	Place     posture.Place   `json:"place"` // where it was read
	Made      time.Time       `json:"made"`
	Limits    string          `json:"limits"`             // in words
	Inventory string          `json:"inventorySHA256"`    // of the assets, in order
	Rows      string          `json:"coverageSHA256"`     // of the coverage rows, in order
	Complete  bool            `json:"complete"`           // both were read to their end, and the inventory looked for every type wanted
	Failed    []string        `json:"failed,omitempty"`   // accounts, or lists, that could not be read, and why
	Accounts  []string        `json:"accounts,omitempty"` // the accounts of the assets
	Counts    map[Verdict]int `json:"counts"`
	Records   []Record        `json:"records"`
}

// Ratio gives how many of the scans wanted are proven: of those that are
// proven, blind, missing or unknown.
func (p Proof) Ratio() (proven, of int) {
	return p.Counts[Proven], p.Counts[Proven] + p.Counts[Blind] + p.Counts[Missing] + p.Counts[Undecided]
}

// String gives the ratio with its numbers.
func (p Proof) String() string {
	proven, of := p.Ratio()
	s := fmt.Sprintf("%d of %d scans proven: %d blind, %d missing, %d unknown; out of the count %d not running, %d excluded, %d lapsed, %d empty, %d without inventory", proven, of,
		p.Counts[Blind], p.Counts[Missing], p.Counts[Undecided], p.Counts[NotRunning], p.Counts[Excluded], p.Counts[Lapsed], p.Counts[Empty], p.Counts[Ghost])
	if !p.Complete {
		s += "; not everything could be read: " + strings.Join(p.Failed, "; ")
	}
	return s + "."
}

// scanKey names one scan of one resource.
type scanKey struct {
	account, typ, id string
	scan             Scan
}

func (r Row) key() scanKey { return scanKey{r.Account, r.Type, assetID(r.Type, r.ID), r.Scan} }

// better tells which of two rows of one scan counts: that which is active, then
// that of the later scan, then the first by its reason, so that their order does not matter.
func better(a, b Row) bool {
	if a.Active != b.Active {
		return a.Active
	}
	if n := a.LastScanned.Compare(b.LastScanned); n != 0 {
		return n > 0
	}
	return a.Reason < b.Reason
}

// assetID is the id by which Inspector and inventories name the same thing: an
// instance's id, an image's or function's ARN. The version $LATEST of a function
// is the function itself; published versions are other resources.
func assetID(typ, id string) string {
	switch {
	case typ == TypeInstance:
		if i := strings.LastIndexByte(id, '/'); i >= 0 {
			return id[i+1:]
		}
	case typ == TypeFunction:
		return strings.TrimSuffix(id, ":$LATEST")
	}
	return id
}

// id gives the asset's id as Inspector would.
func (a Asset) id() string {
	id := a.Resource.ID
	switch {
	case a.Type == TypeInstance:
	case a.ARN != "":
		id = a.ARN
	case a.Type == TypeFunction && !strings.HasPrefix(id, "arn:"):
		id = posture.Place{Partition: a.Partition, Account: a.Account, Region: a.Region}.ARN("lambda", "function:"+id)
	}
	return assetID(a.Type, id)
}

// Prove holds an inventory against coverage rows. Every scan wanted of every
// asset gets a record, in the inventory's order, and then every row that the
// inventory does not know, of the types that it looked for. gaps are what could
// not be read of either: a scan without a row is then unknown and not missing. A
// type that is wanted and was not looked for leaves the proof incomplete.
func Prove(p posture.Place, now time.Time, inventory map[string][]Asset, rows []Row, limits Limits, gaps ...error) Proof {
	limits = limits.orDefault()
	proof := Proof{
		Version: 1, Place: p, Made: now.UTC(), Limits: limits.String(), Rows: hash(rows), Counts: map[Verdict]int{}, Failed: reasonsOf(gaps),
	}
	whole := len(proof.Failed) == 0
	for _, typ := range sortedKeys(limits.Scans) {
		if _, looked := inventory[typ]; !looked {
			proof.Failed = append(proof.Failed, unlooked(typ).Error())
		}
	}
	proof.Complete = len(proof.Failed) == 0
	at := make(map[scanKey]int, len(rows))
	spare := make([]bool, len(rows)) // met by an asset, or another row counts
	for i, row := range rows {
		switch had, twice := at[row.key()]; {
		case twice && !better(row, rows[had]):
			spare[i] = true
			continue
		case twice:
			spare[had] = true
		}
		at[row.key()] = i
	}
	var all []Asset
	accounts := map[string]bool{}
	for _, typ := range sortedKeys(inventory) {
		for _, a := range inventory[typ] {
			accounts[a.Account] = true
			all = append(all, a)
			for _, scan := range limits.Scans[typ] {
				i, covered := at[scanKey{a.Account, typ, a.id(), scan}]
				r := Record{Resource: a.Resource, Scan: scan, InInventory: true}
				switch {
				case covered:
					spare[i] = true
					r = limits.judge(r, a, rows[i], now)
				case whole:
					r.Verdict, r.Why = Missing, fmt.Sprintf("Inspector has no %s row of it: nobody scans it, and no finding would say so.", scan)
				default:
					r.Verdict, r.Why = Undecided, "Inspector's rows were not read to their end."
				}
				proof.add(r)
			}
		}
	}
	for i, row := range rows {
		if _, looked := inventory[row.Type]; !spare[i] && looked && slices.Contains(limits.Scans[row.Type], row.Scan) {
			at := p
			at.Account = row.Account
			proof.add(fill(Record{Resource: at.Resource(row.Type, row.ID, ""), Scan: row.Scan, Verdict: Ghost, Why: "Inspector knows it and the inventory does not: it is gone, or the inventory is not whole."}, row))
		}
	}
	proof.Inventory, proof.Accounts = hash(all), sortedKeys(accounts)
	return proof
}

func (p *Proof) add(r Record) {
	p.Counts[r.Verdict]++
	p.Records = append(p.Records, r)
}

func fill(r Record, row Row) Record {
	r.Covered, r.Active, r.Reason, r.LastScanned, r.Mode = true, row.Active, row.Reason, row.LastScanned, row.Mode
	return r
}

// Verify recounts a stored proof: its records must come to its counts.
func (p Proof) Verify() error {
	counts := map[Verdict]int{}
	for _, r := range p.Records {
		counts[r.Verdict]++
	}
	if p.Version != 1 {
		return fmt.Errorf("inspector: a proof of version %d", p.Version)
	}
	for _, v := range slices.Concat(sortedKeys(counts), sortedKeys(p.Counts)) {
		if counts[v] != p.Counts[v] {
			return fmt.Errorf("inspector: the proof counts %d %s, its records have %d", p.Counts[v], v, counts[v])
		}
	}
	if p.Complete != (len(p.Failed) == 0) {
		return errors.New("inspector: the proof says both that everything was read and that something was not")
	}
	return nil
}

func reasonsOf(gaps []error) (all []string) {
	for _, err := range gaps {
		if c := posture.CauseOf(err); c != nil {
			all = append(all, c.Error())
		}
	}
	return all
}

// hash is of values as JSON, one after the other.
func hash[T any](values []T) string {
	h := sha256.New()
	e := json.NewEncoder(h)
	for _, v := range values {
		if err := e.Encode(v); err != nil {
			return "" // not a value of this package's, which all encode
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}
