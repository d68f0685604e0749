package advisor

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// TableAsOf is the date of the table of checks: AWS Trusted Advisor check
// reference.
const TableAsOf = "2026-11"

// Known is what is known of a check, apart from any account.
type Known struct {
	ID, Name     string
	Category     Category
	Deprecated   bool   // AWS does not offer it any more; asking for it fails
	Since, Until string // dates; "<=2022-10" is that or older, "unknown" not known
	ReplacedBy   string // id of the check that took its place, or words
	Source       string // "ta_check", "aws_config:<rule>", "security_hub" …
	AllPlans     bool   // every account sees it in the console, whatever its support plan
	Refresh      string // "auto" by AWS, "manual" on demand as well, "unknown"
	Local        Local
	How          string // the reads that recomputing takes
	// What the colours mean.
	Red, Yellow, Green string
	Note               string
}

// Local says whether a check can be recomputed without Trusted Advisor.
type Local string

// Whether a check can be recomputed.
const (
	LocalYes     Local = "yes"
	LocalPartial Local = "partial" // what it judges is not wholly in an API
	LocalNo      Local = "no"
	LocalNetwork Local = "network" // takes a connection to the resource
	LocalLegacy  Local = "legacy"  // of a platform that AWS retired: there is nothing to judge
	LocalQuota   Local = "quota"   // from Service Quotas and usage
)

// Checks is a table of checks.
type Checks []Known

// Find gives what a table knows of a check.
func (t Checks) Find(id string) (Known, bool) {
	for i := range t { // by index, since an entry is large
		if t[i].ID == id {
			return t[i], true
		}
	}
	return Known{}, false
}

//go:embed checks.tsv
var checksTSV string

var table = sync.OnceValues(func() (Checks, error) { return ParseTable(checksTSV) })

// Table is the table of checks that comes with this version. It is shared and must
// not be changed.
func Table() Checks {
	t, _ := table() // that it parses is under test
	return t
}

const columns = "category\tcheck_id\tname\tstatus\tsince\tuntil\treplaced_by\tsource\tcore_all_plans\trefresh\tlocal\thow\tred\tyellow\tgreen\tnote"

// ParseTable reads a table of checks: tab separated, the first line the header. A
// line that is wrong is an error that names it; the others are kept.
func ParseTable(text string) (Checks, error) {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	if lines[0] != columns {
		return nil, fmt.Errorf("advisor: table of checks: line 1: the header is not the one of this version")
	}
	var (
		t     Checks
		wrong []string
		seen  = map[string]bool{}
	)
	for i, line := range lines[1:] {
		k, err := parseKnown(line)
		if err == nil && seen[k.ID] {
			err = fmt.Errorf("check %s stands twice", k.ID)
		}
		if err != nil {
			wrong = append(wrong, fmt.Sprintf("line %d: %v", i+2, err))
			continue
		}
		seen[k.ID] = true
		t = append(t, k)
	}
	if wrong != nil {
		return t, fmt.Errorf("advisor: table of checks: %s", strings.Join(wrong, "; "))
	}
	return t, nil
}

func words(cs []Category) []string {
	all := make([]string, len(cs))
	for i, c := range cs {
		all[i] = string(c)
	}
	return all
}

func parseKnown(line string) (Known, error) {
	f := strings.Split(line, "\t")
	if len(f) != strings.Count(columns, "\t")+1 {
		return Known{}, fmt.Errorf("has %d columns", len(f))
	}
	for _, c := range []struct {
		column, value string
		may           []string
	}{
		{"category", f[0], words(categories)},
		{"status", f[3], []string{"active", "deprecated"}},
		{"core_all_plans", f[8], []string{"yes", "no"}},
		{"refresh", f[9], []string{"auto", "manual", "unknown"}},
		{"local", f[10], []string{string(LocalYes), string(LocalPartial), string(LocalNo), string(LocalNetwork), string(LocalLegacy), string(LocalQuota)}},
	} {
		if !slices.Contains(c.may, c.value) {
			return Known{}, fmt.Errorf("%s is %q", c.column, c.value)
		}
	}
	if f[1] == "" || f[2] == "" {
		return Known{}, fmt.Errorf("has no id or no name")
	}
	return Known{
		Category: Category(f[0]), ID: f[1], Name: f[2], Deprecated: f[3] == "deprecated", Since: f[4], Until: f[5], ReplacedBy: f[6], Source: f[7],
		AllPlans: f[8] == "yes", Refresh: f[9], Local: Local(f[10]), How: f[11], Red: f[12], Yellow: f[13], Green: f[14], Note: f[15],
	}, nil
}
