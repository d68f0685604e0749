package compliance

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// The data files are tab-separated text with a header line: 290 KB, read when
// first asked for. Ids and edges are facts; titles of frameworks whose text is
// not free are our own.
//
//go:embed data
var files embed.FS

// table is one data file.
type table struct {
	name   string
	header []string
	rows   [][]string
}

func read(name string) (table, error) {
	b, err := files.ReadFile("data/" + name)
	if err != nil {
		return table{}, fmt.Errorf("compliance: %w", err)
	}
	t := table{name: name}
	for n, line := range strings.Split(strings.TrimSuffix(string(b), "\n"), "\n") {
		cells := strings.Split(line, "\t")
		if n == 0 {
			t.header = cells
			continue
		}
		if len(cells) != len(t.header) {
			return t, fmt.Errorf("compliance: data file %s, line %d: %d cells, not %d", name, n+1, len(cells), len(t.header))
		}
		t.rows = append(t.rows, cells)
	}
	return t, nil
}

// column gives the place of a column; a name that the header does not have is -1.
func (t table) column(name string) int { return slices.Index(t.header, name) }

// catalogue is what all frameworks share.
type catalogue struct {
	frameworks, hub, cis, mappings table
	sets                           map[string][]string
	phrases                        map[string]string
	minimums                       map[string][]Minimum // by "framework@version id", "cis topic", "securityhub id"
	planned                        []PlannedControl
}

var catalogued = sync.OnceValues(readCatalogue)

func readCatalogue() (*catalogue, error) {
	c := &catalogue{sets: map[string][]string{}, phrases: map[string]string{}, minimums: map[string][]Minimum{}}
	var sets, phrases, minimums, planned table
	for name, to := range map[string]*table{
		"frameworks.tsv": &c.frameworks, "securityhub.tsv": &c.hub, "cis.tsv": &c.cis, "mappings.tsv": &c.mappings,
		"sets.tsv": &sets, "phrases.tsv": &phrases, "minimums.tsv": &minimums, "planned.tsv": &planned,
	} {
		var err error
		if *to, err = read(name); err != nil {
			return nil, err
		}
	}
	for _, r := range sets.rows {
		c.sets["@"+r[0]] = strings.Fields(r[1])
	}
	for _, r := range phrases.rows {
		c.phrases[r[0]] = r[1]
	}
	for _, r := range minimums.rows {
		words := strings.Fields(r[1])
		if len(words) != 4 {
			return nil, fmt.Errorf("compliance: data file minimums.tsv: %q is not a minimum", r[1])
		}
		c.minimums[r[0]] = append(c.minimums[r[0]], Minimum{words[0], words[1], words[2], words[3]})
	}
	for _, r := range planned.rows {
		c.planned = append(c.planned, PlannedControl{r[0], r[1]})
	}
	return c, nil
}

// controls spells out a cell of control ids and @sets.
func (c *catalogue) controls(cell string) []string {
	var ids []string
	for _, w := range strings.Fields(cell) {
		if set, ok := c.sets[w]; ok {
			ids = append(ids, set...)
			continue
		}
		ids = append(ids, w)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// least gives the minimums under the keys that speak of one of the controls.
func (c *catalogue) least(controls []string, keys ...string) []Minimum {
	var ms []Minimum
	for _, k := range keys {
		for _, m := range c.minimums[k] {
			if slices.Contains(controls, m.Control) {
				ms = append(ms, m)
			}
		}
	}
	return ms
}
