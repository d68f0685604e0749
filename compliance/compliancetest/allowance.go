package compliancetest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/awsposture/posture"
)

// Allowance excuses one finding until a day. It matches exactly, never by a
// pattern; the test fails when it has no owner, reason or expiry, when it is
// expired, and when it allows nothing: there is then nothing left to accept.
type Allowance struct {
	// Control is the control's id, or one that it had before.
	Control string
	// Resource is the resource's ARN, or its id, or its id with the place in
	// front as failures print it: "aws/111122223333/eu-west-1/vpc-0example". A finding on a
	// place as a whole is named by the place, "aws/111122223333/eu-west-1". An id
	// that several places have fails the test.
	Resource string
	// Sub is the part of the resource, the finding's Sub. "" allows only findings
	// on the whole of it.
	Sub string
	// Unknown allows that the verdict is Unknown, and then not that it is Fail.
	// Without it the allowance allows that the verdict is Fail, and not Unknown.
	Unknown bool

	Owner   string    // who answers for it
	Reason  string    // why it is accepted
	Expires time.Time // from this moment on it allows nothing
}

// String names the allowance as it stands in failures.
func (a Allowance) String() string {
	s := "The allowance of "
	if a.Unknown {
		s += "Unknown of "
	}
	s += cmp.Or(line(a.Control), "no control") + " on " + nameAndPart(a.Resource, a.Sub)
	var about []string
	if a.Owner != "" {
		about = append(about, line(a.Owner))
	}
	if !a.Expires.IsZero() {
		about = append(about, "until "+a.Expires.UTC().Format(time.RFC3339))
	}
	if a.Reason != "" {
		about = append(about, line(a.Reason))
	}
	if len(about) == 0 {
		return s
	}
	return s + " (" + strings.Join(about, "; ") + ")"
}

// lacks says what keeps the allowance from counting at all; "" nothing.
func (a Allowance) lacks(now time.Time) string {
	var missing []string
	for _, field := range []struct {
		name  string
		empty bool
	}{
		{"resource", strings.TrimSpace(a.Resource) == ""},
		{"owner", strings.TrimSpace(a.Owner) == ""},
		{"reason", strings.TrimSpace(a.Reason) == ""},
		{"expiry", a.Expires.IsZero()},
	} {
		if field.empty {
			missing = append(missing, field.name)
		}
	}
	switch {
	case len(missing) > 0:
		return "has no " + strings.Join(missing, " and no ") + ", so it allows nothing."
	case !now.Before(a.Expires):
		return "is expired. Put the finding right, or let its owner decide anew."
	}
	return ""
}

// claim is an allowance and what it was used for.
type claim struct {
	Allowance
	fault string             // why it does not count
	used  []posture.Resource // what it allowed
}

func (r Rule) claims(c outcome) (out []*claim) {
	for _, a := range r.Allowances {
		if a.Control != "" && c.answersTo(a.Control) {
			out = append(out, &claim{Allowance: a, fault: a.lacks(r.now())})
		}
	}
	return out
}

// take gives the first claim that allows the finding, or nil. A second one like
// it stays unused, and is thus reported.
func take(claims []*claim, f posture.Finding) *claim {
	for _, a := range claims {
		if a.fault != "" || a.Unknown != (f.Status == posture.Unknown) || !a.names(f) {
			continue
		}
		if !slices.Contains(a.used, f.Resource) {
			a.used = append(a.used, f.Resource)
		}
		return a
	}
	return nil
}

// names tells whether the finding is on what the allowance names.
func (a Allowance) names(f posture.Finding) bool {
	return a.Sub == f.Sub && isNamed(f.Resource, a.Resource)
}

func isNamed(r posture.Resource, name string) bool {
	return name == r.ARN || name == r.ID || name == placed(r)
}

// placed is a name that every resource has: its place and, where it has one, its id.
func placed(r posture.Resource) string {
	place := posture.Place{Partition: r.Partition, Account: r.Account, Region: r.Region}.String()
	if r.ID == "" {
		return place
	}
	return place + "/" + r.ID
}

// wrong says what is wrong with a claim after all findings were seen; "" nothing.
// It is not certain where the finding that the allowance is for may not have been seen.
func (a *claim) wrong(r Rule, c outcome) (why string, certain bool) {
	switch {
	case a.fault != "":
		return a.fault, true
	case len(a.used) == 1:
		return "", true
	case len(a.used) > 1:
		var names []string
		for _, u := range a.used {
			names = append(names, placed(u))
		}
		return "matches several resources: " + strings.Join(names, ", ") + ". Name the one that is meant by its ARN, or by its id with the place in front.", true
	case !c.ran:
		return "allows nothing: the control did not run.", true
	}
	var open bool
	var parts []string
	for _, f := range c.findings {
		switch {
		case a.names(f) && f.Status == posture.Fail && !a.Unknown && r.below(f):
			return fmt.Sprintf("allows nothing: the finding is of severity %v, below the rule's.", f.Severity), true
		case a.names(f) && (f.Status == posture.Fail && !a.Unknown || f.Status == posture.Unknown && a.Unknown):
			return "allows nothing: another allowance before it allows the same. Remove one.", true
		case a.names(f) && f.Status != posture.Unknown:
			return fmt.Sprintf("allows nothing: the verdict is %v. Remove it.", f.Status), true
		case f.Status == posture.Unknown:
			open = true
		case isNamed(f.Resource, a.Resource):
			parts = append(parts, fmt.Sprintf("%q", f.Sub))
		}
	}
	switch {
	case open:
		return "allows nothing that was seen, but not all could be judged.", false
	case len(parts) > 0:
		return "allows nothing: the findings on this resource are of other parts: " + strings.Join(parts, ", ") + ".", true
	}
	return "allows nothing: no finding of the control is on it. Remove it.", true
}
