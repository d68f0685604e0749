package trail

import (
	"bytes"
	"errors"
	"fmt"
)

// Event is one CloudTrail record: spans into its JSON text, found in one pass
// and decoded only when asked. An event that an iterator yields is valid until
// the next one; [Event.Clone] keeps it. The zero Event has no members.
//
// Keys are matched exactly, and of two equal keys the first counts
// ([Event.Duplicate] tells): decoders that fold case or let the last key win
// can be shown another event than the one CloudTrail recorded.
type Event struct {
	text   []byte
	hot    [numHot]span
	dup    Hot // the first known member seen twice, hotNone if none
	uiOdd  bool
	uiDots bool                        // userIdentity must be searched for what is not found hot
	next   [numHot + numObjects][2]Hot // which members followed each last time; the last rows are of the first members
	File   string                      // where it was read; empty when unknown
	Offset int64                       // of the record in the inflated file
}

// Hot is a member found in the first pass, without a search.
type Hot uint8

// The hot members: those at the top of a record, then those of userIdentity and
// of what is in it, each group in the order of parents.
const (
	hotNone Hot = iota
	hEventVersion
	hUserIdentity
	hEventTime
	hEventSource
	hEventName
	hAwsRegion
	hSourceIP
	hUserAgent
	hErrorCode
	hErrorMessage
	hRequest
	hResponse
	hAdditional
	hRequestID
	hEventID
	hReadOnly
	hResources
	hEventType
	hManagement
	hRecipient
	hSharedID
	hCategory
	hVpce
	hConsole
	hAPIVersion
	hTLS
	hServiceDetails
	hAddendum
	hUIType
	hUIPrincipal
	hUIARN
	hUIAccount
	hUIKey
	hUIName
	hUIInvokedBy
	hUISession
	hUIProvider
	hUIOnBehalf
	hIssuer
	hAttributes
	hSourceIdentity
	hRoleDelivery
	hIssuerType
	hIssuerPrincipal
	hIssuerARN
	hIssuerAccount
	hIssuerName
	hCreated
	hMFA
	numHot
)

var hotNames = [numHot]string{
	hEventVersion: "eventVersion", hUserIdentity: "userIdentity", hEventTime: "eventTime",
	hEventSource: "eventSource", hEventName: "eventName", hAwsRegion: "awsRegion",
	hSourceIP: "sourceIPAddress", hUserAgent: "userAgent", hErrorCode: "errorCode",
	hErrorMessage: "errorMessage", hRequest: "requestParameters", hResponse: "responseElements",
	hAdditional: "additionalEventData", hRequestID: "requestID", hEventID: "eventID",
	hReadOnly: "readOnly", hResources: "resources", hEventType: "eventType",
	hManagement: "managementEvent", hRecipient: "recipientAccountId", hSharedID: "sharedEventID",
	hCategory: "eventCategory", hVpce: "vpcEndpointId", hConsole: "sessionCredentialFromConsole",
	hAPIVersion: "apiVersion", hTLS: "tlsDetails", hServiceDetails: "serviceEventDetails",
	hAddendum: "addendum",
	hUIType:   "type", hUIPrincipal: "principalId", hUIARN: "arn", hUIAccount: "accountId",
	hUIKey: "accessKeyId", hUIName: "userName", hUIInvokedBy: "invokedBy",
	hUISession: "sessionContext", hUIProvider: "identityProvider", hUIOnBehalf: "onBehalfOf",
	hIssuer: "sessionIssuer", hAttributes: "attributes", hSourceIdentity: "sourceIdentity", hRoleDelivery: "ec2RoleDelivery",
	hIssuerType: "type", hIssuerPrincipal: "principalId", hIssuerARN: "arn", hIssuerAccount: "accountId",
	hIssuerName: "userName", hCreated: "creationDate", hMFA: "mfaAuthenticated",
}

// hotParent is the object that holds a hot member; hotNone is the record.
func hotParent(h Hot) Hot {
	switch {
	case h < hUIType:
		return hotNone
	case h < hIssuer:
		return hUserIdentity
	case h < hIssuerType:
		return hUISession
	case h < hCreated:
		return hIssuer
	}
	return hAttributes
}

// hotObject is an object whose hot members are known: keys by their length, so
// that one is compared with at most five candidates, and the row of
// [Event.next] for its first member.
type hotObject struct {
	byLen [32][]Hot
	first Hot
}

// hotObjects holds them by the member that they are the value of.
var hotObjects = func() (o [numHot]*hotObject) {
	rows := numHot
	for h := hEventVersion; h < numHot; h++ {
		p := hotParent(h)
		if o[p] == nil {
			o[p] = &hotObject{first: rows}
			rows++
		}
		n := len(hotNames[h])
		o[p].byLen[n] = append(o[p].byLen[n], h)
	}
	return o
}()

const numObjects = 5

// hotKeys are the hot members' keys as CloudTrail writes them.
var hotKeys = func() (keys [numHot]string) {
	for h := hEventVersion; h < numHot; h++ {
		keys[h] = `"` + hotNames[h] + `":`
	}
	return
}()

// Errors of a record. They come wrapped in a [FileError] that names the place.
var (
	ErrSyntax  = errors.New("not a JSON object that ends")
	ErrVersion = errors.New("unknown major version of the record format")
)

// Parse makes e the record whose JSON text is given, without copying it.
func (e *Event) Parse(text []byte) error {
	i := space(text, 0)
	end, err := e.scan(text, i)
	if err != nil {
		return err
	}
	if space(text, end) != len(text) {
		return fmt.Errorf("%w: text after the object", ErrSyntax)
	}
	return nil
}

// scan reads the object at b[i] and returns the index after it.
func (e *Event) scan(b []byte, i int) (int, error) {
	e.hot = [numHot]span{}
	e.dup, e.uiOdd, e.uiDots = hotNone, false, false
	e.text = nil
	if i >= len(b) || b[i] != '{' {
		return i, ErrSyntax
	}
	end := e.members(b[i:], 1, hotNone)
	if end < 0 {
		return i, ErrSyntax
	}
	e.text = b[i : i+end]
	return i + end, nil
}

// members reads the members of an object from the index after its brace, and
// returns the index after the closing one, -1 when the text is no object. The
// object is the value of the hot member of, for hotNone the record.
//
// CloudTrail writes its members in one order, of which some are left out. What
// followed a member last time is tried first: most keys are then recognized
// by one comparison and never searched for their end.
func (e *Event) members(b []byte, i int, of Hot) int {
	obj := hotObjects[of]
	last := obj.first
	for {
		h := hotNone
		guess := &e.next[last]
		if g := hotKeys[guess[0]]; len(b)-i > len(g) && string(b[i:i+len(g)]) == g && g != "" {
			h = guess[0]
			i += len(g)
		} else if g := hotKeys[guess[1]]; len(b)-i > len(g) && string(b[i:i+len(g)]) == g && g != "" {
			h = guess[1]
			guess[0], guess[1] = h, guess[0]
			i += len(g)
		} else {
			if i = space(b, i); i >= len(b) {
				return -1
			}
			if b[i] == '}' {
				return i + 1
			}
			if b[i] != '"' {
				return -1
			}
			k := stringEnd(b, i+1)
			if k < 0 {
				return -1
			}
			key := b[i+1 : k]
			if h = obj.lookup(key); h != hotNone {
				guess[1] = h
			} else if of != hotNone && (bytes.IndexByte(key, '.') >= 0 || bytes.IndexByte(key, '\\') >= 0) {
				e.uiDots = true
			}
			if i = space(b, k+1); i >= len(b) || b[i] != ':' {
				return -1
			}
			i++
		}
		if i < len(b) && b[i] <= ' ' {
			i = space(b, i)
		}
		if last = h; h == hotNone {
			last = obj.first
		}
		start, end := i, 0
		switch {
		case i >= len(b):
			return -1
		case b[i] == '"':
			end = stringEnd(b, i+1) + 1
		case hotObjects[h] != nil && h != hotNone && e.hot[h].end == 0:
			if b[i] == '{' {
				end = e.members(b, i+1, h)
				break
			}
			if h == hUserIdentity {
				e.uiOdd = b[i] != 'n'
			}
			e.uiDots = e.uiDots || b[i] == '['
			end = valueEnd(b, i)
		default:
			end = valueEnd(b, i)
		}
		if end <= 0 {
			return -1
		}
		if h != hotNone {
			if e.hot[h].end != 0 {
				if e.dup == hotNone {
					e.dup = h
				}
			} else {
				e.hot[h] = span{uint32(start), uint32(end)}
			}
		}
		if i = end; i+1 < len(b) && b[i] == ',' && b[i+1] == '"' {
			i++
			continue
		}
		if i = space(b, i); i < len(b) && b[i] == '}' {
			return i + 1
		}
		// A comma must be followed by another member.
		if i >= len(b) || b[i] != ',' {
			return -1
		}
		if i = space(b, i+1); i >= len(b) || b[i] != '"' {
			return -1
		}
	}
}

func (o *hotObject) lookup(key []byte) Hot {
	if len(key) < len(o.byLen) {
		for _, h := range o.byLen[len(key)] {
			if string(key) == hotNames[h] {
				return h
			}
		}
	}
	// "event\u004eame" is eventName.
	if bytes.IndexByte(key, '\\') >= 0 {
		if k := appendUnescaped(nil, key); bytes.IndexByte(k, '\\') < 0 {
			return o.lookup(k)
		}
	}
	return hotNone
}

func (e *Event) at(h Hot) Value {
	s := e.hot[h]
	if s.end == 0 {
		return Value{}
	}
	return Value{e.text[s.off:s.end]}
}

// JSON is the record as written.
func (e *Event) JSON() []byte { return e.text }

// Value is the whole record as a value.
func (e *Event) Value() Value { return Value{e.text} }

// Clone copies the event out of the reader's buffer, to be kept.
func (e *Event) Clone() *Event {
	c := *e
	c.text = bytes.Clone(e.text)
	return &c
}

// Duplicate names a member that the record holds twice, at the top or in
// userIdentity; "" is the normal case. CloudTrail writes no key twice, so such
// a record was made or changed by somebody else.
func (e *Event) Duplicate() string {
	name := hotNames[e.dup]
	for h := hotParent(e.dup); h != hotNone; h = hotParent(h) {
		name = hotNames[h] + "." + name
	}
	return name
}

// headFields are the members that rules name most and that take few values.
// They identify an event for an engine that remembers what it worked out.
var headFields = [...]Hot{hEventSource, hEventName, hEventType, hCategory, hReadOnly, hErrorCode, hUIType, hUIInvokedBy}

// Head is a set of the members that engines look events up by.
type Head uint16

// HeadNames are an event's source and name.
const HeadNames Head = 1<<0 | 1<<1

// InHead is the set of the one member whose value a path leads to, and of
// nothing when it is no member of a head.
func InHead(p Path) Head {
	for i, h := range headFields {
		if p.hot == h && p.below == len(p.steps) {
			return 1 << i
		}
	}
	return 0
}

// InScan reports whether the values at a path are known without a search.
func InScan(p Path) bool { return p.hot != hotNone && p.below == len(p.steps) }

// AppendHead appends the event's values of some members to dst. Events for
// which that is equal have equal values at all paths to these members. ok is
// false for the odd record of which that cannot be said cheaply.
func (e *Event) AppendHead(dst []byte, members Head) (head []byte, ok bool) {
	n := len(dst)
	for i, h := range headFields {
		if members&(1<<i) == 0 {
			continue
		}
		if s := e.hot[h]; s.end != 0 {
			dst = append(dst, e.text[s.off:s.end]...)
		}
		dst = append(dst, 0)
	}
	return dst, !e.uiOdd && len(dst)-n <= 512
}
