package rule

import "github.com/awsposture/posture/detective/trail"

// why lists the tests that made the expression true.
func (n *node) why(s *scratch, e *trail.Event, dst []string) []string {
	switch n.op {
	case nAtom, nNot, nSome:
		// Rules that match often match for the same reasons.
		text, ok := s.whys[n]
		if !ok {
			if s.whys == nil {
				s.whys = map[*node]string{}
			}
			text = n.x.String()
			s.whys[n] = text
		}
		return append(dst, text)
	case nAnd:
		for _, k := range n.kids {
			dst = k.why(s, e, dst)
		}
	case nOr:
		for _, k := range n.kids {
			if k.eval(s, e, nil) {
				return k.why(s, e, dst)
			}
		}
	}
	return dst
}
