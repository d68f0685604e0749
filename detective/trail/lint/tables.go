package lint

import (
	"bytes"
	"cmp"
	"compress/gzip"
	_ "embed"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/awsposture/posture/detective/trail/schema"
)

// The API names of the services, one service a line, made by internal/gen.
//
//go:embed apis.gz
var apisGzip []byte

// folds are sources that record the calls of further services.
var folds = map[string][]string{
	"autoscaling": {"application-autoscaling", "autoscaling-plans"},
	"sso":         {"awsssoportal"},
	"iot":         {"iotdata", "iot-jobs-data"},
	"apigateway":  {"execute-api"},
	"rdsdata":     {"rds-data"},
}

// tables know which source records which event names.
type tables struct {
	sources map[string]map[string]bool // by source, the names it records
	names   map[string][]string        // by name, the sources
	folded  map[string]string          // lower case → name

	allSources, allNames []string
}

// load reads the tables once; a damaged one, which a test excludes, is empty.
var load = sync.OnceValue(func() *tables {
	t := &tables{sources: map[string]map[string]bool{}, names: map[string][]string{}, folded: map[string]string{}}
	apis := map[string][]string{}
	if z, err := gzip.NewReader(bytes.NewReader(apisGzip)); err == nil {
		if text, err := io.ReadAll(z); err == nil {
			for line := range strings.Lines(string(text)) {
				f := strings.Fields(line)
				apis[f[0]] = f[1:]
			}
		}
	}
	add := func(source string, names []string) {
		if t.sources[source] == nil {
			t.sources[source] = map[string]bool{}
		}
		for _, n := range names {
			if _, not := schema.NotEvent(source, n); !not && !t.sources[source][n] {
				t.sources[source][n] = true
				t.names[n] = append(t.names[n], source)
				t.folded[strings.ToLower(n)] = n
			}
		}
	}
	for s, names := range apis {
		add(s+".amazonaws.com", names)
	}
	for s, others := range folds {
		for _, other := range others {
			add(s+".amazonaws.com", apis[other])
		}
	}
	for _, s := range schema.EventSources() {
		add(s, schema.Names(s))
	}
	for _, s := range t.names {
		slices.Sort(s)
	}
	t.allSources, t.allNames = slices.Sorted(maps.Keys(t.sources)), slices.Sorted(maps.Keys(t.names))
	return t
})

// near lists at most three of the candidates that are spelled nearly like s,
// the nearest first.
func near(s string, candidates []string) []string {
	type near struct {
		text string
		d    int
	}
	low := strings.ToLower(s)
	limit := max(1, min(8, len(low)/3))
	var found []near
	for _, c := range candidates {
		if c == s {
			continue
		}
		if d := len(c) - len(low); d > limit || -d > limit {
			continue
		}
		if d := distance(low, strings.ToLower(c), limit); d <= limit {
			found = append(found, near{c, d})
		}
	}
	slices.SortFunc(found, func(a, b near) int { return cmp.Or(cmp.Compare(a.d, b.d), strings.Compare(a.text, b.text)) })
	var out []string
	for _, f := range found[:min(len(found), 3)] {
		if f.d > 0 && found[0].d == 0 {
			break // only the case was wrong
		}
		out = append(out, f.text)
	}
	return out
}

// distance is the number of letters to add, drop or change that lead from a to
// b, or more than limit.
func distance(a, b string, limit int) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diag, least := row[0], i+1
		row[0] = i + 1
		for j := range len(b) {
			d := diag
			if a[i] != b[j] {
				d++
			}
			diag = row[j+1]
			row[j+1] = min(d, diag+1, row[j]+1)
			least = min(least, row[j+1])
		}
		if least > limit {
			return limit + 1
		}
	}
	return row[len(b)]
}
