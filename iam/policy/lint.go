package policy

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// LintSeverity says how bad a finding is.
type LintSeverity uint8

// The severities, the worst last.
const (
	Suggestion LintSeverity = iota // could be shorter or clearer
	Warning                        // probably not what was meant
	Security                       // gives more than it seems to
	Error                          // AWS refuses it, or it does not do what it says
)

// String returns the severity in lower case.
func (s LintSeverity) String() string {
	return [...]string{"suggestion", "warning", "security", "error"}[s&3]
}

// MarshalText writes the severity as its word.
func (s LintSeverity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LintFinding is one thing to be said about a policy.
type LintFinding struct {
	Code     string       `json:"code"` // stable; see [LintCodes]
	Severity LintSeverity `json:"severity"`
	Policy   string       `json:"policy,omitempty"`
	Path     string       `json:"path,omitempty"` // Statement[0].Action[2]
	Pos      Pos          `json:"pos"`
	Message  string       `json:"message"`
	Fix      string       `json:"fix,omitempty"` // what to write instead
}

// String returns policy:line:column: severity code: message.
func (f LintFinding) String() string {
	p := Problem{Policy: f.Policy, Pos: f.Pos, Path: f.Path, Message: f.Message}
	text := f.Severity.String() + " " + f.Code + ": " + p.Error()
	if f.Fix != "" {
		text += " (" + f.Fix + ")"
	}
	return text
}

// LintOptions tell Lint more about where the policy is used. The zero value,
// and nil, are allowed.
type LintOptions struct {
	// Catalog of actions; nil means [EmbeddedCatalog].
	Catalog *Catalog
	// Service that a resource policy belongs to, such as "s3", "kms", "sqs";
	// "" when not known. It decides the size limit and, for services whose resource
	// policies are about themselves alone, which actions and ARNs are out of place.
	Service string
	// Account that owns what the policy is attached to; "" when not known.
	Account string
	// MaxSize replaces the size limit of [SizeLimit], in AWS's way of counting.
	MaxSize int
	// Gateway marks the policy of a gateway endpoint.
	Gateway bool
}

// Lint reports what is wrong, dangerous, or could be better about a policy.
// Findings are in the order of the text and always the same for the same
// policy and data. What Parse reports is among them.
//
// Codes are this package's own; those that IAM Access Analyzer has too are
// listed with its name by [LintCodes].
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
func Lint(d *Document, opts *LintOptions) []LintFinding {
	l := &linter{d: d, keys: newKeyTable()}
	if opts != nil {
		l.opts = *opts
	}
	if l.catalog = l.opts.Catalog; l.catalog == nil {
		l.catalog = EmbeddedCatalog()
	}
	problems := d.Problems
	if len(problems) == 0 {
		problems = check(d)
	}
	for _, p := range problems {
		l.path = p.Path
		l.add(p.Code, p.Pos, "", p.Message, "")
	}
	l.document()
	for i := range d.Statements {
		l.at, l.s = i, &d.Statements[i]
		l.statement()
	}
	l.s = nil
	gone := l.duplicates()
	if len(problems) == 0 {
		l.publicAccess()
		l.together(gone)
		l.powers()
	}
	slices.SortStableFunc(l.findings, func(a, b LintFinding) int {
		return cmp.Or(cmp.Compare(a.Pos.Offset, b.Pos.Offset), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Message, b.Message))
	})
	l.findings = slices.Compact(l.findings)
	return l.findings
}

// maxPairs is the length of a list up to which its entries are compared with
// each other and with those of another list. AWS's size limits leave no room
// for longer ones, and hostile texts must not cost time.
const maxPairs = 300

type linter struct {
	d        *Document
	opts     LintOptions
	catalog  *Catalog
	keys     *keyTable // of the variables
	s        *Statement
	at       int
	path     string // instead of that of the statement
	findings []LintFinding
}

// add reports a finding about an element of the current statement.
func (l *linter) add(code string, at Pos, element, message, fix string) {
	path := l.path
	if l.s != nil && l.path == "" {
		path = "Statement[" + strconv.Itoa(l.at) + "]"
		if element != "" {
			path += "." + element
		}
	} else if element != "" {
		path = element
	}
	if at == (Pos{}) && l.s != nil {
		at = l.s.Pos
	}
	l.findings = append(l.findings, LintFinding{
		Code: code, Severity: lintCodes[code].Severity, Policy: l.d.Name, Path: path, Pos: at, Message: message, Fix: fix,
	})
	l.path = ""
}

func (l *linter) statement() {
	s := l.s
	l.actions("Action", s.Action)
	l.actions("NotAction", s.NotAction)
	l.resources("Resource", s.Resource)
	l.resources("NotResource", s.NotResource)
	l.principals("Principal", s.Principal)
	l.principals("NotPrincipal", s.NotPrincipal)
	l.conditions()
	l.variables()
	l.rights()
	if l.d.Kind == Trust {
		l.trust()
	}
	if l.d.Kind == Endpoint && l.opts.Gateway && s.Principal != nil && !s.Principal.everyone() {
		l.add("endpoint-gateway-principal", s.Principal.Pos, "Principal", "a gateway endpoint takes an account for its root user alone", `use "*" and a condition on aws:PrincipalArn`)
	}
}

// indexed is the path of one entry of a list.
func indexed(element string, i int) string { return element + "[" + strconv.Itoa(i) + "]" }

// allows reports whether the current statement is an Allow.
func (l *linter) allows() bool { return l.s.Effect == EffectAllow }

// nearest returns the candidate with the smallest edit distance to name, when
// that is small enough to be a slip of the finger.
func nearest(name string, candidates []string) string {
	best, limit := "", max(1, len(name)/4)+1
	lower := strings.ToLower(name)
	for _, c := range candidates {
		if d := distance(lower, strings.ToLower(c), limit); d < limit {
			best, limit = c, d
		}
	}
	return best
}

// distance is the edit distance of two names, or limit if it is not less.
func distance(a, b string, limit int) int {
	if d := len(a) - len(b); d >= limit || -d >= limit {
		return limit
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		least := row[0]
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
			least = min(least, row[j+1])
		}
		if least >= limit {
			return limit
		}
	}
	return min(limit, row[len(b)])
}
