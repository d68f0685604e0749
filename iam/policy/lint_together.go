package policy

import (
	"slices"
	"strconv"
)

// most is the number of entries, and of pairs of an action and a resource, up to
// which statements are compared with each other. AWS's size limits leave no room
// for more, and hostile texts must not cost time.
const most = 1000

// together compares the statements with each other, and the conditions of each.
// Those that are gone are reported already.
func (l *linter) together(gone []bool) {
	if l.d.entries() > most {
		return
	}
	for i := range l.d.Statements {
		l.at, l.s = i, &l.d.Statements[i]
		l.neverApplies()
	}
	l.s = nil
	parts := make([][]part, len(l.d.Statements))
	total := 0
	for i := range parts {
		parts[i] = partsOf(&l.d.Statements[i], most)
		total += len(parts[i])
	}
	if total > most {
		return
	}
	l.subsumed(parts, gone)
	l.alwaysDenied(parts)
}

// entries counts the values of a document.
func (d *Document) entries() (n int) {
	for i := range d.Statements {
		s := &d.Statements[i]
		n += 1 + len(s.Action) + len(s.NotAction) + len(s.Resource) + len(s.NotResource)
		for _, p := range []*Principals{s.Principal, s.NotPrincipal} {
			if p != nil {
				n += len(p.AWS) + len(p.Service) + len(p.Federated) + len(p.CanonicalUser)
			}
		}
		for j := range s.Conditions {
			n += 1 + len(s.Conditions[j].Values)
		}
	}
	return n
}

// subsumed reports statements that change nothing, because others of the same
// effect apply wherever they do. The last is looked at first, and counts no
// more once it was found superfluous: all that is reported can go together.
func (l *linter) subsumed(parts [][]part, gone []bool) {
	for i := len(parts) - 1; i >= 0; i-- {
		if gone[i] {
			continue
		}
		by, ok := l.coveredBy(i, parts[i], l.d.Statements[i].Effect, gone)
		if !ok {
			continue
		}
		gone[i] = true
		l.about(i, "statement-subsumed", "says nothing that is not said by "+statements(by), "remove it")
	}
}

// alwaysDenied reports Allow statements of which Deny statements leave nothing.
func (l *linter) alwaysDenied(parts [][]part) {
	none := make([]bool, len(parts))
	for i := range parts {
		if l.d.Statements[i].Effect != EffectAllow {
			continue
		}
		if by, ok := l.coveredBy(i, parts[i], EffectDeny, none); ok {
			l.about(i, "allow-always-denied", "allows nothing, because all of it is denied by "+statements(by), "remove it, or narrow the Deny")
		}
	}
}

// coveredBy looks for statements of an effect that cover every part of another.
func (l *linter) coveredBy(i int, parts []part, effect string, gone []bool) (by []int, ok bool) {
	if len(parts) == 0 {
		return nil, false
	}
	t := &l.d.Statements[i]
	var can []int
	for j := range l.d.Statements {
		s := &l.d.Statements[j]
		if i != j && !gone[j] && s.Effect == effect && coversCallers(s, t) && l.coversConditions(s, t) {
			can = append(can, j)
		}
	}
	used := map[int]bool{}
	for k := range parts {
		found := -1
		for _, j := range can {
			if found < 0 && l.covers(&l.d.Statements[j], &parts[k]) {
				found = j
			}
		}
		if found < 0 {
			return nil, false
		}
		if !used[found] {
			by = append(by, found)
		}
		used[found] = true
	}
	slices.Sort(by)
	return by, true
}

// about reports a finding about the whole of a statement.
func (l *linter) about(i int, code, message, fix string) {
	l.path = "Statement[" + strconv.Itoa(i) + "]"
	l.add(code, l.d.Statements[i].Pos, "", message, fix)
}

// statements names statements by number.
func statements(by []int) string {
	text := "statement " + strconv.Itoa(by[0]+1)
	for i, n := range by[1:] {
		if i+2 == len(by) {
			text += " and "
		} else {
			text += ", "
		}
		text += strconv.Itoa(n + 1)
	}
	if len(by) > 1 {
		text = "statements" + text[len("statement"):]
	}
	return text
}
