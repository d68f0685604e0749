package compliance

import (
	"strings"
	"sync"
)

// Owner says whose part something is under the AWS shared responsibility model.
// The zero value is the customer's.
type Owner uint8

// The owners.
const (
	Customer Owner = iota
	Shared         // each has a part, and both are needed
	AWS
	Nobody // there is no such thing in this service
)

var ownerWords = []string{"customer", "shared", "aws", "none"}

// String gives the owner's word as it stands in JSON.
func (o Owner) String() string { return word(ownerWords, int(o)) }

// MarshalText encodes the owner as its word.
func (o Owner) MarshalText() ([]byte, error) { return marshalWord("owner", ownerWords, int(o)) }

// UnmarshalText reads what MarshalText wrote.
func (o *Owner) UnmarshalText(b []byte) error { return unmarshalWord("owner", ownerWords, b, o) }

// Responsibility says who answers for one domain of one service.
type Responsibility struct {
	Service string `json:"service"`        // as Security Hub names it: "EC2", "RDS"
	Mode    string `json:"mode,omitempty"` // where the answer depends on it: "fargate", "managed-nodes"
	Class   string `json:"class"`          // infrastructure, managed, abstracted
	Domain  string `json:"domain"`         // one of Domains
	Owner   Owner  `json:"owner"`
	What    string `json:"what"`           // what the domain is
	Note    string `json:"note,omitempty"` // what is particular about the service
	Known   bool   `json:"known"`          // false: not in the catalogue, so the customer's
}

type model struct {
	domains  table
	services map[string][]string // row by "service mode"
}

var responsibilities = sync.OnceValues(func() (model, error) {
	domains, err := read("responsibility.tsv")
	if err != nil {
		return model{}, err
	}
	services, err := read("services.tsv")
	m := model{domains, map[string][]string{}}
	for _, r := range services.rows {
		m.services[r[0]+" "+r[1]] = r
	}
	return m, err
})

// Domains lists what the model divides: physical, guest-os, at-rest and so on.
func Domains() []string {
	m, err := responsibilities()
	if err != nil {
		return nil
	}
	var all []string
	for _, r := range m.domains.rows {
		all = append(all, r[0])
	}
	return all
}

// ResponsibilityOf says who answers for a domain of a service, as of 2026-09.
// It is total: a service or mode that the model does not know is the customer's
// and not Known; a mode "" of a service with modes is read as the one that
// leaves most to the customer. An unknown domain is the customer's too. See
// "Shared Responsibility Model" on aws.amazon.com/compliance.
func ResponsibilityOf(service, mode, domain string) Responsibility {
	r := Responsibility{Service: service, Mode: mode, Domain: domain}
	m, err := responsibilities()
	if err != nil {
		return r
	}
	row, ok := m.services[service+" "+mode]
	if !ok {
		r.Note = "The model does not know this service in this mode."
	}
	for _, d := range m.domains.rows {
		if d[0] != domain {
			continue
		}
		r.What = d[4]
		if !ok {
			return r
		}
		r.Known, r.Class, r.Note = true, row[2], row[4]
		cell := d[m.domains.column(row[2])]
		for o := range strings.FieldsSeq(row[3]) {
			if name, owner, _ := strings.Cut(o, "="); name == domain {
				cell = owner
			}
		}
		if r.Owner.UnmarshalText([]byte(cell)) != nil {
			r.Known = false
		}
		return r
	}
	return r
}

// Parts says, for the reader of a report, what of a requirement is whose.
func (r Requirement) Parts() (aws, customer string) {
	switch r.Owner {
	case AWS:
		return "The data centres and the hardware of AWS, as its reports say.", "Offices, devices and any site of the customer's own."
	case Shared:
		return "The hardware, its upkeep, its disposal and the sites it stands in, as AWS's reports say.", "Settings, data and procedures of the customer."
	}
	return "", "All of it: AWS provides the means."
}
