package advisor

import (
	"cmp"
	"fmt"

	"github.com/awsposture/posture"
)

// SwitchFact is something about a resource that is as it should be or is not.
type SwitchFact struct {
	Resource posture.Resource
	OK       bool
	// Unread says why it could not be read, "" where it was.
	Unread string
}

// Switches recomputes a check that knows two cases only: that what it asks for is
// so, and that it is not, which is red or yellow as the table has it. It serves
// most checks that Trusted Advisor takes from AWS Config and Amazon RDS, and of
// its own those on public snapshots, encryption, DNS across peerings, Access
// Analyzer, SAML, the root user and Well-Architected reviews. What OK means for a
// check is the reads and the colours that the table has for it. A check that knows
// more cases has a function of its own and is refused, as is one that cannot be
// recomputed.
func Switches(check string, facts []SwitchFact) ([]Row, error) {
	k, known := Table().Find(check)
	switch {
	case !known:
		return nil, fmt.Errorf("advisor: check %s is not in the table", check)
	case k.Local != LocalYes && k.Local != LocalPartial:
		return nil, fmt.Errorf("advisor: check %s, %q, cannot be recomputed", check, k.Name)
	case graded[check] || (k.Red == "") == (k.Yellow == ""):
		return nil, fmt.Errorf("advisor: check %s, %q, is not a matter of yes and no", check, k.Name)
	}
	bad, why := Yellow, k.Yellow
	if k.Red != "" {
		bad, why = Red, k.Red
	}
	rows := make([]Row, len(facts))
	for i, f := range facts {
		switch {
		case f.Unread != "":
			rows[i] = Row{Resource: f.Resource, Colour: NotAvailable, Reason: f.Unread}
		case f.OK:
			rows[i] = Row{Resource: f.Resource, Colour: Green, Reason: sentence(cmp.Or(k.Green, "as the check asks"))}
		default:
			rows[i] = Row{Resource: f.Resource, Colour: bad, Reason: sentence(why)}
		}
	}
	return rows, nil
}

// graded are the checks with one bad colour whose judgement takes more than a yes
// or no: they have functions of their own.
var graded = map[string]bool{CheckLogRetention: true, CheckPasswordPolicy: true, CheckMismatchedCNAME: true, CheckRootMFA: true, CheckClassicLoadBalancerGroups: true}

func sentence(s string) string {
	if s == "" {
		return ""
	}
	first := []byte(s)
	if 'a' <= first[0] && first[0] <= 'z' {
		first[0] -= 'a' - 'A'
	}
	return string(first) + "."
}
