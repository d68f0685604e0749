package rule

import (
	"bytes"
	"net/netip"
	"time"

	"github.com/awsposture/posture/detective/trail"
)

// eval judges the atom on an event, or on an object inside one when base is
// not nil.
func (a *atom) eval(s *scratch, e *trail.Event, base *trail.Value) bool {
	var vals []trail.Value
	switch {
	case base != nil:
		s.vals = base.AppendValues(s.vals[:0], &a.Path)
		vals = s.vals
	case a.shared >= 0:
		return s.once(a, e)
	case a.path >= 0:
		return a.found(s, e)
	default:
		s.vals = e.AppendValues(s.vals[:0], &a.Path)
		vals = s.vals
	}
	return a.any(s, e, base, vals)
}

// found judges the atom on an event's values, which are known or remembered.
func (a *atom) found(s *scratch, e *trail.Event) bool {
	if a.scan {
		if v, ok := e.Scalar(&a.Path); ok {
			return a.one(s, e, nil, v)
		}
	}
	if a.keys != 0 && a.keys&s.requestKeys(e) == 0 {
		return false
	}
	return a.any(s, e, nil, s.values(a, e))
}

// any reports whether one of the values passes.
func (a *atom) any(s *scratch, e *trail.Event, base *trail.Value, vals []trail.Value) bool {
	for _, v := range vals {
		if a.one(s, e, base, v) {
			return true
		}
	}
	return false
}

func (a *atom) one(s *scratch, e *trail.Event, base *trail.Value, v trail.Value) bool {
	k := v.Kind()
	switch {
	case k == trail.KindAbsent || a.kinds&(1<<k) == 0:
		return false
	case a.Op == OpHas:
		return !a.Neg
	case k == trail.KindArray && !holdsObject(v):
		return false
	}
	return a.test(s, e, base, v) != a.Neg
}

func holdsObject(v trail.Value) bool {
	for el := range v.Elements {
		if el.Kind() == trail.KindObject {
			return true
		}
	}
	return false
}

func (a *atom) test(s *scratch, e *trail.Event, base *trail.Value, v trail.Value) bool {
	switch a.Op {
	case OpEq, OpLt, OpLe, OpGt, OpGe, OpRange:
		f, ok := v.Float()
		if !ok {
			return false
		}
		switch a.Op {
		case OpRange:
			for _, b := range a.Bounds {
				if !b.holds(f) {
					return false
				}
			}
			return true
		case OpEq:
			return f == a.Num
		case OpLt:
			return f < a.Num
		case OpLe:
			return f <= a.Num
		case OpGt:
			return f > a.Num
		}
		return f >= a.Num
	}
	var text []byte
	text, s.text = v.Bytes(s.text)
	switch a.Op {
	case OpRegexp:
		for _, re := range a.res {
			if re.Match(text) {
				return true
			}
		}
		return false
	case OpCIDR:
		ip, err := netip.ParseAddr(string(text))
		if err != nil {
			return false
		}
		ip = ip.Unmap().WithZone("")
		for _, n := range a.nets {
			if n.Contains(ip) {
				return true
			}
		}
		return false
	case OpTime:
		t, err := time.Parse(time.RFC3339, string(text))
		if err != nil {
			return false
		}
		n, _ := timePart(t, a.Part)
		return n == a.Num
	}
	if a.Fold {
		s.fold = appendFold(s.fold[:0], text)
		text = s.fold
	}
	switch a.Op {
	case OpField:
		return a.field(s, e, base, text)
	case OpGlob:
		for i := range a.globs {
			if a.globs[i].match(text) {
				return true
			}
		}
		return false
	case OpIn:
		if a.set != nil {
			_, ok := a.set[string(text)]
			return ok
		}
	}
	for _, t := range a.texts {
		if relate(a.Op, text, t) {
			return true
		}
	}
	return false
}

func relate(op Op, text, t []byte) bool {
	switch op {
	case OpIn:
		return bytes.Equal(text, t)
	case OpPrefix:
		return bytes.HasPrefix(text, t)
	case OpSuffix:
		return bytes.HasSuffix(text, t)
	case OpContains:
		return bytes.Contains(text, t)
	}
	return false
}

func (a *atom) field(s *scratch, e *trail.Event, base *trail.Value, text []byte) bool {
	if base == nil {
		s.other = e.AppendValues(s.other[:0], &a.Other)
	} else {
		s.other = base.AppendValues(s.other[:0], &a.Other)
	}
	for _, o := range s.other {
		if Scalars&(1<<o.Kind()) == 0 {
			continue
		}
		var t []byte
		t, s.text2 = o.Bytes(s.text2)
		if a.Fold {
			s.fold2 = appendFold(s.fold2[:0], t)
			t = s.fold2
		}
		if relate(a.Rel, text, t) {
			return true
		}
	}
	return false
}
