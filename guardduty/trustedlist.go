package guardduty

import (
	"cmp"
	"context"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/awsposture/posture"
)

// TrustedLists judges that no trusted IP list or trusted entity list in use is
// wider than a network of one's own, or made of an S3 object that others may
// write. GuardDuty makes no finding for what comes from an address on a trusted
// list. What the object holds, Region.ListObject tells. See "Customizing threat
// detection with entity lists and IP address lists" in the GuardDuty User Guide.
type TrustedLists struct {
	Region *Region
	V4     int // the shortest IPv4 prefix allowed, in bits; default 24
	V6     int // the shortest IPv6 prefix allowed, in bits; default 48
}

// TrustedListEvidence is a trusted list in use and what is wrong with it.
type TrustedListEvidence struct {
	Name     string   `json:"name"`
	Location string   `json:"location"`
	Wide     []string `json:"wide,omitempty"`    // prefixes that are too short
	Writers  []string `json:"writers,omitempty"` // others who may write the object
}

// String says it in a sentence.
func (e TrustedListEvidence) String() string {
	var faults []string
	if len(e.Wide) > 0 {
		faults = append(faults, "trusts "+strings.Join(e.Wide, ", "))
	}
	if len(e.Writers) > 0 {
		faults = append(faults, "is made of "+e.Location+", which "+strings.Join(e.Writers, ", ")+" may write")
	}
	if faults == nil {
		return fmt.Sprintf("Trusted list %s trusts only narrow networks, and only those meant to may write its object.", e.Name)
	}
	return fmt.Sprintf("Trusted list %s %s.", e.Name, strings.Join(faults, " and "))
}

// Control implements posture.Evaluator.
func (e TrustedLists) Control() posture.Control {
	bits := func(name string, v, standard int) posture.Param {
		return posture.Param{Name: name, Value: strconv.Itoa(cmp.Or(v, standard)), Default: strconv.Itoa(standard), Unit: "bits"}
	}
	return posture.Control{
		ID:       "guardduty.trusted-list",
		Title:    "Trusted lists are narrow and their objects are protected",
		Doc:      "Whatever comes from a trusted address makes no finding, so a wide list, or one whose S3 object an intruder may write, switches GuardDuty off for him. Keep only addresses of your own in it, and let nobody but the security team write the object.",
		Severity: posture.High, Scope: posture.Regional, Resource: "AWS::GuardDuty::IPSet",
		Requires: actions("ListDetectors", "GetDetector", "GetAdministratorAccount", "ListIPSets", "GetIPSet", "ListTrustedEntitySets", "GetTrustedEntitySet"),
		Params:   []posture.Param{bits("shortest-ipv4-prefix", e.V4, 24), bits("shortest-ipv6-prefix", e.V6, 48)},
	}
}

// Place implements posture.Evaluator.
func (e TrustedLists) Place() posture.Place { return e.Region.Place() }

// Evaluate implements posture.Evaluator.
func (e TrustedLists) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c := e.Control()
	d, off, err := e.Region.own(ctx, c)
	if off != nil || err != nil {
		return off, err
	}
	fs, err := e.Region.eachList(ctx, c, d, []ListKind{IPSet, TrustedEntitySet}, func(ctx context.Context, here posture.Resource, l List) posture.Finding {
		if !l.InUse() {
			return c.NotApplicable(here, fmt.Sprintf("The list is not in use: its status is %s.", l.Status))
		}
		object, err := e.Region.listObject(ctx, l.Location)
		if err != nil {
			return c.Unknown(here, err)
		}
		seen := TrustedListEvidence{Name: l.Name, Location: l.Location, Writers: object.OtherWriters}
		for _, p := range object.Prefixes {
			if e.wide(p) {
				seen.Wide = append(seen.Wide, p.String())
			}
		}
		if len(seen.Wide)+len(seen.Writers) > 0 {
			return c.Fail(here, seen)
		}
		return c.Pass(here, seen)
	})
	return c.Judged(fs, err, e.Region.resource(d), "The region has no trusted list.")
}

func (e TrustedLists) wide(p netip.Prefix) bool {
	if p.Addr().Is6() && !p.Addr().Is4In6() {
		return p.Bits() < cmp.Or(e.V6, 48)
	}
	return p.Bits() < cmp.Or(e.V4, 24)
}

func (r *Region) listObject(ctx context.Context, location string) (ListObject, error) {
	if r.ListObject == nil {
		return ListObject{}, &posture.Cause{Kind: posture.CauseNotProvided, Message: "what the object " + location + " holds, and who may write it, was not provided"}
	}
	return r.ListObject(ctx, location)
}
