package policy

import (
	"fmt"
	"strconv"
	"strings"
)

// title names a statement: policy, Sid or number, line.
func (s *StatementReport) title() string {
	name := "statement " + strconv.Itoa(s.Index+1)
	if s.Sid != "" {
		name = "statement " + strconv.Quote(s.Sid)
	}
	if s.Policy != "" {
		name += " of " + s.Policy
	}
	if s.Pos.Line > 0 {
		name += " (line " + strconv.Itoa(s.Pos.Line) + ")"
	}
	return name
}

// why says in a sentence what kept the clause from matching.
func (c *Clause) why() string {
	want := strings.Join(c.Want, " or ")
	saw := strings.Join(c.Saw, ", ")
	switch {
	case c.Unknown && c.Element == "Condition":
		return fmt.Sprintf("it depends on %s (%s %s), which is not known", c.Key, c.Op, want)
	case c.Unknown:
		return "its " + c.Element + " " + want + " depends on a value that is not known"
	case c.Element == "Condition" && len(c.Saw) == 0:
		return fmt.Sprintf("its condition %s %s %s does not hold: the request has no such key", c.Key, c.Op, want)
	case c.Element == "Condition":
		return fmt.Sprintf("its condition %s %s %s does not hold: the request has %s", c.Key, c.Op, want, saw)
	case c.Element == "NotPrincipal" || c.Element == "NotAction" || c.Element == "NotResource":
		return fmt.Sprintf("it leaves out %s, which covers %s", want, saw)
	}
	return fmt.Sprintf("its %s is %s, not %s", c.Element, want, saw)
}

// headline says who may or may not do what, and because of whom.
func (x *Explanation) headline() string {
	can := "may"
	switch x.Verdict {
	case ImplicitDeny, ExplicitDeny:
		can = "may not"
	case Undetermined:
		can = "may or may not"
	}
	s := x.Principal + " " + can + " " + x.Action
	if x.Resource != "*" {
		s += " on " + x.Resource
	}
	return s + ".\n"
}

var reasons = map[Layer]string{
	LayerPartition:         "The caller and the resource are in different AWS partitions, which never mix.",
	LayerImmutable:         "AWS owns it, and no policy lets a customer change it.",
	LayerRCP:               "A resource control policy of the organization does not allow it.",
	LayerSCP:               "A service control policy level of the organization does not allow it, whatever the account's own policies say.",
	LayerEndpoint:          "The policy of the VPC endpoint does not allow it.",
	LayerPublicAccessBlock: "The bucket policy is public, and S3 Block Public Access keeps everyone outside the account from using it.",
	LayerIdentity:          "No policy of the caller allows it.",
	LayerBoundary:          "The caller's permissions boundary does not allow it.",
	LayerSession:           "The session was made with a policy that does not allow it, or needs one that does.",
	LayerResource:          "The resource's own policy does not allow it to the caller, as it must.",
}

// Text writes the explanation for people, in lines.
func (x *Explanation) Text() string {
	var b strings.Builder
	b.WriteString(x.headline())
	switch {
	case x.Err != nil:
		fmt.Fprintf(&b, "The question is malformed: %s.\n", x.Err.Error())
	case x.Verdict == ExplicitDeny:
		b.WriteString("A policy forbids it, and no permission outweighs that.\n")
	case x.Verdict == ImplicitDeny:
		missing := x.Missing.List()
		if len(missing) == 0 {
			missing = []Layer{x.Layer}
		}
		for _, l := range missing {
			b.WriteString(reasons[l] + "\n")
		}
	case x.Term != "":
		b.WriteString("Why: " + x.Term + ".\n")
	}
	for i := range x.Layers {
		x.Layers[i].text(&b)
	}
	if len(x.Unknown) > 0 {
		fmt.Fprintf(&b, "The answer waits for: %s.\n", strings.Join(x.Unknown, ", "))
	}
	for _, n := range x.Notes {
		fmt.Fprintf(&b, "Note: %s.\n", n)
	}
	to := "To allow it: "
	if x.Verdict == Allow {
		to = "To refuse it: "
	}
	for _, c := range x.Changes {
		b.WriteString(to + c.Text + "\n")
	}
	return b.String()
}

// text writes a layer that had a part in the decision, with the statements
// that applied and those that were close: about this action, but not matching.
func (l *LayerReport) text(b *strings.Builder) {
	if l.Outcome == "not applicable" {
		return
	}
	name := policyWord(l.Layer)
	if l.Layer == LayerSCP || l.Layer == LayerRCP {
		name += fmt.Sprintf(", level %d", l.Level)
		if l.Name != "" {
			name += " " + l.Name
		}
	}
	fmt.Fprintf(b, "- %s: %s\n", name, l.Outcome)
	and := ""
	for i := range l.Statements {
		s := &l.Statements[i]
		if s.Outcome == "applies" {
			fmt.Fprintf(b, "    %s %s\n", s.title(), map[string]string{EffectAllow: "allows it", EffectDeny: "denies it"}[s.Effect])
			and = "and "
			continue
		}
		if len(s.Failed) == 0 || strings.HasSuffix(s.Failed[0].Element, "Action") {
			continue
		}
		if l.Outcome == "allows" && s.Effect == EffectAllow {
			continue
		}
		verb := map[string]string{EffectAllow: "would allow it", EffectDeny: "would deny it"}[s.Effect]
		why := make([]string, len(s.Failed))
		for j := range s.Failed {
			why[j] = s.Failed[j].why()
		}
		fmt.Fprintf(b, "    %s %s, but %s\n", s.title(), verb, strings.Join(why, "; "))
		and = "and "
	}
	switch l.Others {
	case 0:
	case 1:
		fmt.Fprintf(b, "    %s1 statement about other actions\n", and)
	default:
		fmt.Fprintf(b, "    %s%d statements about other actions\n", and, l.Others)
	}
}
