package cover

import (
	"encoding/json"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

// lit is an atom that is to be true or false, judged on one value at a time by
// the engine itself: on the record {"v": value}, or {} for absent.
type lit struct {
	a   *rule.Atom
	yes bool
	m   *rule.Match
}

func newLit(a *rule.Atom, yes bool) (lit, error) {
	m, err := onValue(a)
	return lit{a, yes, m}, err
}

// onValue compiles the atom's test for the record {"v": value}.
func onValue(a *rule.Atom) (*rule.Match, error) {
	b := *a
	b.Path = trail.P("v")
	if a.Path.IsStrict() {
		b.Path = trail.Strict(trail.Step{Key: "v"})
	}
	return rule.CompileExpr(&b)
}

// cell is what is demanded of the value at one path.
type cell struct {
	path  trail.Path
	kinds rule.Kinds // that the domain allows
	must  bool       // the domain says it is always present
	enum  []string   // the domain's closed list of texts; nil: open
	lits  []lit
	known []string
	why   string
}

func cellKey(p trail.Path) string { return strings.TrimPrefix(p.String(), "$.") }

func newCell(p trail.Path, d *Domain) *cell {
	c := &cell{path: p, kinds: rule.Any}
	if f, ok := d.Fields[cellKey(p)]; ok {
		c.kinds, c.must, c.enum = f.Kinds, f.Always, f.Values
		if f.Kinds == rule.Strings && f.Values == nil {
			// AWS writes no empty texts there. The atom is a valid one.
			l, _ := newLit(&rule.Atom{Path: p, Op: rule.OpIn, Texts: []string{""}, Kinds: rule.Strings}, false)
			c.lits = append(c.lits, l)
		}
	}
	return c
}

// many reports whether the path selects several values.
func (c *cell) many() bool {
	return slices.ContainsFunc(c.path.Steps(), func(s trail.Step) bool { return s.Any != trail.NotAny })
}

// choices lists values, as JSON, that meet all demands, "" for absent. None
// means that there is no such value, or that it is not known: why says so.
func (c *cell) choices() (values []string, why string) {
	if c.known != nil {
		return c.known, c.why
	}
	c.known, c.why = c.find(c.lits)
	if c.known == nil {
		c.known = []string{}
	}
	if !c.many() || len(c.known) > 0 && c.known[0] == "" {
		return c.known, c.why
	}
	// Several values: each positive demand by one of them, the negative ones
	// by all.
	var elems []string
	var negs []lit
	for _, l := range c.lits {
		if !l.yes {
			negs = append(negs, l)
		}
	}
	for _, l := range c.lits {
		if l.yes {
			vs, why := c.find(append(slices.Clone(negs), l))
			vs = slices.DeleteFunc(slices.Clone(vs), func(v string) bool { return v == "" })
			if len(vs) == 0 {
				c.known, c.why = []string{}, why
				return c.known, c.why
			}
			elems = append(elems, vs[0])
		}
	}
	c.known, c.why = []string{strings.Join(elems, ",")}, ""
	return c.known, c.why
}

func (c *cell) meets(lits []lit, value string) bool {
	record := "{}"
	if value != "" {
		record = `{"v":` + value + `}`
	}
	var e trail.Event
	if e.Parse([]byte(record)) != nil {
		return false
	}
	for _, l := range lits {
		if l.m.Event(&e) != l.yes {
			return false
		}
	}
	return true
}

func (c *cell) allows(k trail.Kind) bool { return c.kinds&rule.Of(k) != 0 }

func (c *cell) find(lits []lit) (values []string, why string) {
	try := func(v string) bool {
		if c.meets(lits, v) {
			values = append(values, v)
			return true
		}
		return false
	}
	if !c.must {
		try("")
	}
	if c.allows(trail.KindString) {
		why = c.findText(lits, trail.KindString, quote, try)
	}
	if c.allows(trail.KindNumber) {
		if w := c.findText(lits, trail.KindNumber, func(s string) string { return s }, try); w != "" {
			why = w
		}
	}
	for k, v := range map[trail.Kind]string{trail.KindTrue: "true", trail.KindFalse: "false", trail.KindNull: "null"} {
		if c.allows(k) {
			try(v)
		}
	}
	if c.allows(trail.KindObject) {
		try(`{}`)
	}
	if len(values) > 0 {
		sort.SliceStable(values, func(i, j int) bool { return values[i] == "" && values[j] != "" })
		return values, ""
	}
	// An object's or list's text may meet a test that no other value meets.
	if why == "" && c.kinds&rule.Containers != 0 && slices.ContainsFunc(lits, func(l lit) bool {
		return l.a.Op != rule.OpHas && l.a.Kinds&rule.Containers != 0
	}) {
		why = "the text of an object or list is tested at " + cellKey(c.path)
	}
	return values, why
}

// findText looks for a string or a number: first among likely ones, then by
// the automata, which either find one or prove that there is none. It says why
// when neither was possible.
func (c *cell) findText(lits []lit, k trail.Kind, spell func(string) string, try func(string) bool) (why string) {
	number := k == trail.KindNumber
	var likely []string
	if !number {
		likely = c.texts(lits)
	}
	if c.enum == nil || number {
		likely = append(likely, c.numbers(lits)...)
	}
	for _, t := range likely {
		if try(spell(t)) {
			return ""
		}
	}
	if c.enum != nil && !number {
		return ""
	}
	var numeric []lit
	wanted := false
	for _, l := range lits {
		if l.a.Op >= rule.OpEq && l.a.Op <= rule.OpGe && applies(l.a, k) {
			numeric = append(numeric, l)
			wanted = wanted || l.yes && !l.a.Neg
		}
	}
	if wanted || number && numeric != nil {
		// The points are all there is to try of numeric tests.
		if !slices.ContainsFunc(c.numbers(lits), func(t string) bool { return c.meets(numeric, spell(t)) }) {
			return ""
		}
	}
	var extra []language
	switch {
	case number:
		extra = append(extra, newLanguage(`\A-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\z`, true))
	case wanted:
		extra = append(extra, newLanguage(`\A[0-9.eE+-]+\z`, true))
	case numeric != nil:
		extra = append(extra, newLanguage(`\A[0-9.eE+-]+\z`, false))
	}
	t, ok, undecided := shortest(lits, k, extra)
	if !ok && !undecided && !number && !wanted && extra != nil {
		// No text that is clearly no number: one that is might still do.
		_, undecided, _ = shortest(lits, k, nil)
	}
	switch {
	case ok && try(spell(t)):
		return ""
	case ok, undecided:
		return "the values of " + c.path.String() + " could not be decided"
	}
	return ""
}

func applies(a *rule.Atom, k trail.Kind) bool {
	kinds := a.Kinds
	if kinds == 0 {
		kinds = rule.Scalars
		if a.Op == rule.OpHas {
			kinds = rule.Any
		}
	}
	return kinds&rule.Of(k) != 0
}

// texts are likely texts: those the tests name, and their neighbours.
func (c *cell) texts(lits []lit) []string {
	if c.enum != nil {
		return c.enum
	}
	out := []string{"example", "x"}
	for _, l := range lits {
		for _, t := range l.a.Texts {
			switch l.a.Op {
			case rule.OpRegexp, rule.OpCIDR:
				t = strings.Split(t, "/")[0]
			case rule.OpGlob:
				t = strings.NewReplacer(`\*`, "*", `\?`, "?", `\\`, `\`, "*", "", "?", "a").Replace(t)
			}
			out = append(out, t, t+"x", "x"+t, "x"+t+"x", strings.ToLower(t), strings.ToUpper(t))
			if len(out) > 400 {
				return out
			}
		}
		if l.a.Op >= rule.OpEq && l.a.Op <= rule.OpGe {
			out = append(out, strconv.FormatFloat(l.a.Num, 'g', -1, 64))
		}
	}
	return out
}

// numbers are the points where the answer can change, those between them and
// those beyond. For numeric tests alone that is all there is to try.
func (c *cell) numbers(lits []lit) []string {
	pts := []float64{0}
	for _, l := range lits {
		if l.a.Op >= rule.OpEq && l.a.Op <= rule.OpGe {
			pts = append(pts, l.a.Num)
		}
		for _, t := range l.a.Texts {
			if f, err := strconv.ParseFloat(t, 64); err == nil {
				pts = append(pts, f)
			}
		}
	}
	slices.Sort(pts)
	pts = slices.Compact(pts)
	all := []float64{pts[0] - 1}
	for i, p := range pts {
		all = append(all, p)
		if i+1 < len(pts) {
			all = append(all, (p+pts[i+1])/2)
		}
	}
	all = append(all, pts[len(pts)-1]+1)
	var out []string
	for _, f := range all {
		out = append(out, strconv.FormatFloat(f, 'f', -1, 64))
	}
	return out
}

func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		return `""`
	}
	return string(b)
}
