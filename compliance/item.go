package compliance

import (
	"github.com/awsposture/posture"
)

// Item is one finding with what an assessment knows of it: what reports print.
type Item struct {
	Finding      posture.Finding `json:"finding"`
	Control      posture.Control `json:"control"`
	Owner        string          `json:"owner,omitempty"`        // who must act, as the caller's Owner function says
	Waiver       *Waiver         `json:"waiver,omitempty"`       // that covers the finding; nil: none
	Requirements []Ref           `json:"requirements,omitempty"` // that the control speaks to
}

// Group is the ticket that the item belongs to.
func (i Item) Group() GroupKey {
	return GroupKey{Control: i.Finding.Control, Account: i.Finding.Resource.Account, Owner: i.Owner}
}

// GroupKey makes one ticket of the findings that one owner puts right in one
// account for one control.
type GroupKey struct {
	Control string `json:"control"`
	Account string `json:"account"`
	Owner   string `json:"owner,omitempty"`
}

// String gives "iam.root-mfa 111122223333 security team".
func (k GroupKey) String() string {
	if k.Owner == "" {
		return k.Control + " " + k.Account
	}
	return k.Control + " " + k.Account + " " + k.Owner
}

// Ref names a requirement of a framework.
type Ref struct {
	Framework string `json:"framework"` // "cis-aws"
	Version   string `json:"version"`   // "5.0.0"
	ID        string `json:"id"`        // "1.13"
}

// String gives "cis-aws@5.0.0:1.13".
func (r Ref) String() string { return r.Framework + "@" + r.Version + ":" + r.ID }

// Owners says who must act on a finding: by a tag of its resource, and where
// that is not set by a tag of its account. Its method Of is an Owner function
// for an Assessor.
type Owners struct {
	Tags     []string                     // tag keys, the first that is set wins; default "owner"
	Accounts map[string]map[string]string // tags of each account, by account id
	Default  string                       // where no tag says
}

// Of gives the owner of f.
func (o Owners) Of(f posture.Finding) string {
	keys := o.Tags
	if len(keys) == 0 {
		keys = []string{"owner"}
	}
	for _, tags := range []map[string]string{f.Tags, o.Accounts[f.Resource.Account]} {
		for _, k := range keys {
			if v := tags[k]; v != "" {
				return v
			}
		}
	}
	return o.Default
}
