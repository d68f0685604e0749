package rule

import (
	"fmt"
	"math"
	"net/netip"
	"regexp"
	"strings"
	"time"

	"github.com/awsposture/posture/detective/trail"
)

// atom is a compiled Atom.
type atom struct {
	*Atom
	kinds  Kinds
	texts  [][]byte // folded when Fold
	set    map[string]struct{}
	globs  []glob
	res    []*regexp.Regexp
	nets   []netip.Prefix
	head   trail.Head // the members that alone decide; none when others do
	keys   trail.Keys // of requestParameters that lead there; none when it is not there
	path   int        // of the set's paths; -1 when nothing is remembered of it
	scan   bool       // the value there is known from the first pass
	shared int        // of the atoms that several rules have; -1 for the others
}

// scratch is the memory that judging an event reuses.
type scratch struct {
	memo
	gatekeeper
	whys        map[*node]string
	vals, other []trail.Value
	text, text2 []byte
	fold, fold2 []byte
}

func compileAtom(a *Atom) (*atom, error) {
	c := &atom{Atom: a, kinds: a.Kinds, head: trail.InHead(a.Path), scan: trail.InScan(a.Path), keys: trail.InRequest(a.Path), path: -1, shared: -1}
	if c.kinds == 0 {
		c.kinds = Scalars
		if a.Op == OpHas {
			c.kinds = Any
		}
	}
	if a.Op >= OpIn && a.Op <= OpCIDR && len(a.Texts) == 0 {
		return nil, fmt.Errorf("%s: nothing to compare with", a)
	}
	switch a.Op {
	case OpGlob:
		for _, t := range a.Texts {
			if a.Fold {
				t = string(appendFold(nil, []byte(t)))
			}
			c.globs = append(c.globs, compileGlob(parseGlob(t)))
		}
	case OpRegexp:
		for _, t := range a.Texts {
			if a.Fold {
				t = "(?i)" + t
			}
			re, err := regexp.Compile(t)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", a.Path, err)
			}
			c.res = append(c.res, re)
		}
	case OpCIDR:
		for _, t := range a.Texts {
			n, err := parseNet(t)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", a.Path, err)
			}
			c.nets = append(c.nets, n)
		}
	case OpField:
		if a.Rel != OpIn && a.Rel != OpPrefix && a.Rel != OpSuffix && a.Rel != OpContains {
			return nil, fmt.Errorf("%s: fields cannot be compared by %q", a.Path, opNames[a.Rel])
		}
	case OpTime:
		if _, ok := timePart(time.Time{}, a.Part); !ok {
			return nil, fmt.Errorf("%s: a time has no part %q", a.Path, a.Part)
		}
	case OpRange:
		if len(a.Bounds) == 0 {
			return nil, fmt.Errorf("%s: a range without bounds", a.Path)
		}
	case OpEq, OpLt, OpLe, OpGt, OpGe:
		if math.IsNaN(a.Num) || math.IsInf(a.Num, 0) {
			return nil, fmt.Errorf("%s: not a number to compare with", a.Path)
		}
	default:
		if a.Op > OpRange {
			return nil, fmt.Errorf("%s: unknown test %d", a.Path, a.Op)
		}
	}
	for _, t := range a.Texts {
		b := []byte(t)
		if a.Fold {
			b = appendFold(nil, b)
		}
		c.texts = append(c.texts, b)
	}
	if a.Op == OpIn && len(c.texts) > 4 {
		c.set = map[string]struct{}{}
		for _, t := range c.texts {
			c.set[string(t)] = struct{}{}
		}
	}
	return c, nil
}

// parseNet accepts a network or a bare address.
func parseNet(s string) (netip.Prefix, error) {
	if !strings.Contains(s, "/") {
		a, err := netip.ParseAddr(s)
		if err != nil {
			return netip.Prefix{}, err
		}
		a = a.Unmap()
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return p, err
	}
	return p.Masked(), nil
}
