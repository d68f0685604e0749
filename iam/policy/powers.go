package policy

import (
	_ "embed"
	"strings"
	"sync"
)

// PowersDate is the day as of which the tables of ways to more rights, of
// actions that read credentials, and the like were collected.
const PowersDate = "2026-09-26"

//go:embed data/powers.tsv
var powersText string

// powerTable are actions that give more than they say.
type powerTable struct {
	ways           []way
	credentials    []string // read credentials
	resourcePolicy []string // open resources to others
	needRole       []string // cannot do without iam:PassRole
}

// way is one way to more rights.
type way struct {
	id, gain     string
	alternatives [][]string // all actions of one are needed
	services     []string   // for iam:PassRole; nil when no role is passed
}

var powers = sync.OnceValue(func() *powerTable { return readPowers(powersText) })

func readPowers(text string) *powerTable {
	t := &powerTable{}
	for line := range strings.Lines(text) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		switch {
		case f[0] == "E" && len(f) == 5:
			w := way{id: f[1], gain: f[4]}
			for alternative := range strings.SplitSeq(f[2], "|") {
				w.alternatives = append(w.alternatives, strings.Split(alternative, "+"))
			}
			if f[3] != "" {
				w.services = strings.Split(f[3], ",")
			}
			t.ways = append(t.ways, w)
		case f[0] == "C" && len(f) == 2:
			t.credentials = append(t.credentials, f[1])
		case f[0] == "R" && len(f) == 2:
			t.resourcePolicy = append(t.resourcePolicy, f[1])
		case f[0] == "D" && len(f) == 2:
			t.needRole = append(t.needRole, f[1])
		}
	}
	return t
}
