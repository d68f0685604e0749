package compliance

import (
	"strings"
	"testing"

	"github.com/awsposture/posture"
)

// HubCISEdge is an edge that AWS gives from a Security Hub control to a benchmark.
type HubCISEdge struct{ Hub, CIS string }

// HubCISEdges reads them, the ones to version 1.2 left out.
func HubCISEdges(t *testing.T) []HubCISEdge {
	c, err := catalogued()
	if err != nil {
		t.Fatal(err)
	}
	var all []HubCISEdge
	for _, r := range c.hub.rows {
		for e := range strings.FieldsSeq(r[c.hub.column("cis-aws")]) {
			all = append(all, HubCISEdge{r[0], e})
		}
	}
	return all
}

// Weaker tells whether a control that ran with params falls short of the minimums.
func Weaker(ms []Minimum, control string, params []posture.Param) bool {
	return fitOf(ms, control, params) == weaker
}

// Data gives the names of the embedded data files and their text.
func Data(t *testing.T) map[string]string {
	all := map[string]string{}
	var walk func(string)
	walk = func(dir string) {
		entries, err := files.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			name := dir + "/" + e.Name()
			if e.IsDir() {
				walk(name)
				continue
			}
			b, err := files.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			all[name] = string(b)
		}
	}
	walk("data")
	return all
}
