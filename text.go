package posture

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Diff says, a line a member, what the step changes: "- open: true", "+ open:
// false".
func (s Step) Diff() string {
	before, after := map[string]string{}, map[string]string{}
	flatten("", s.Before, before)
	flatten("", s.After, after)
	var b strings.Builder
	names := slices.Sorted(maps.Keys(before))
	names = append(names, slices.Sorted(maps.Keys(after))...)
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		was, had := before[name]
		is, has := after[name]
		if had && has && was == is {
			continue
		}
		label := name
		if label != "" {
			label += ": "
		}
		if had {
			fmt.Fprintf(&b, "- %s%s\n", label, was)
		}
		if has {
			fmt.Fprintf(&b, "+ %s%s\n", label, is)
		}
	}
	return b.String()
}

// flatten gives the leaves of a state by their path.
func flatten(path string, raw json.RawMessage, into map[string]string) {
	var object map[string]json.RawMessage
	if bytes.HasPrefix(bytes.TrimSpace(raw), []byte("{")) && json.Unmarshal(raw, &object) == nil && len(object) > 0 {
		for name, member := range object {
			if path != "" {
				name = path + "." + name
			}
			flatten(name, member, into)
		}
		return
	}
	into[path] = string(raw)
}

// Text is the plan for a person who must decide: what it answers, every change,
// what it asks for, loses, costs and may break.
func (p Plan) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Plan %s\n", p.ID())
	fmt.Fprintf(&b, "for %s, %s risk, good until %s\n", p.Place, p.Risk, p.Expires.UTC().Format(time.RFC3339))
	if p.RunAs != "" {
		fmt.Fprintf(&b, "must run as %s\n", p.RunAs)
	}
	for _, f := range p.Findings {
		fmt.Fprintf(&b, "answers %s on %s: %s\n", f.Control, f.Resource, f.Detail)
	}
	for i, s := range p.Steps {
		fmt.Fprintf(&b, "\n%d. %s on %s\n", i+1, s.Kind.Name, s.Target)
		for line := range strings.Lines(s.Diff()) {
			b.WriteString("   " + line)
		}
		for _, r := range s.Touches {
			fmt.Fprintf(&b, "   touches %s\n", r)
		}
		if s.Loss != "" {
			fmt.Fprintf(&b, "   CANNOT BE UNDONE: %s\n", s.Loss)
		}
		if s.Cost != "" {
			fmt.Fprintf(&b, "   COSTS: %s\n", s.Cost)
		}
		if !s.Until.IsZero() {
			fmt.Fprintf(&b, "   to be lifted by %s\n", s.Until.UTC().Format(time.RFC3339))
		}
	}
	if len(p.Steps) == 0 {
		b.WriteString("\nNothing to do: the findings no longer hold.\n")
	}
	b.WriteString("\n" + p.Impact.text())
	for _, n := range p.Needs {
		fmt.Fprintf(&b, "Check first: %s\n", n)
	}
	for _, w := range p.Warnings {
		fmt.Fprintf(&b, "Warning: %s\n", w)
	}
	fmt.Fprintf(&b, "Needs to apply and to undo: %s\n", strings.Join(p.Actions(), ", "))
	return b.String()
}

func (i Impact) text() string {
	var b strings.Builder
	for _, u := range i.Broken {
		fmt.Fprintf(&b, "Would break: %s using %s", u.Principal, u.Action)
		if u.Count > 0 {
			fmt.Fprintf(&b, ", seen %d times", u.Count)
		}
		fmt.Fprintf(&b, ", last at %s (%s)\n", u.Last.UTC().Format(time.RFC3339), u.Source)
	}
	for _, u := range i.Unknown {
		fmt.Fprintf(&b, "Not known: %s\n", u)
	}
	switch {
	case len(i.Broken) > 0:
	case i.Coverage == 0:
		b.WriteString("What would break was not looked at: coverage 0 %.\n")
	default:
		fmt.Fprintf(&b, "No observed use breaks, at %d %% coverage of the last %v.\n", i.Coverage, i.Window)
	}
	return b.String()
}

// Actions lists the IAM actions that applying the plan, looking at it and
// undoing it need.
func (p Plan) Actions() []string {
	var all []string
	for _, s := range p.Steps {
		all = append(all, s.Kind.Reads...)
		all = append(all, s.Kind.Writes...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
