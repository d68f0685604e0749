package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/awsposture/posture/compliance"
)

// token makes an id one of OSCAL's: a letter or an underscore first, then
// letters, digits, dots, hyphens and underscores.
func token(prefix, id string) string {
	if prefix != "" {
		prefix += "-"
	}
	t := strings.Map(func(r rune) rune {
		switch {
		case r == ')':
			return -1
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '.', r == '-', r == '_':
			return r
		}
		return '_'
	}, prefix+id)
	if first, _ := cutRune(t); !unicode.IsLetter(first) && first != '_' {
		t = "_" + t
	}
	return t
}

func cutRune(s string) (rune, string) {
	for _, r := range s {
		return r, s
	}
	return 0, s
}

// refToken is a requirement's id in OSCAL's form. NIST's own catalogues write
// AC-2(12) as ac-2.12; others get a prefix, since an id may not begin with a digit.
func refToken(q compliance.Ref) string {
	switch {
	case strings.HasPrefix(q.Framework, "nist-800-53"), q.Framework == "fedramp":
		return token("", strings.ToLower(strings.NewReplacer("(", ".", ")", "").Replace(q.ID)))
	case q.Framework == "nist-800-171":
		return token(q.Version, q.ID)
	}
	short := map[string]string{"cis-aws": "cis", "pci-dss": "pci", "hipaa-security": "hipaa", "soc2-tsc": "soc2", "iso-27001": "iso"}
	return token(cmp.Or(short[q.Framework], q.Framework), q.ID)
}

// reviewed lists, for each framework, the requirements that controls of the run
// speak to, and the run's own controls with those excluded that applied to nothing.
func reviewed(h Header, objectives map[string]*objective, requirements map[string]map[string]string) oscalReviewed {
	var all oscalReviewed
	for _, framework := range sortedKeys(requirements) {
		title := framework
		if i := slices.IndexFunc(h.Frameworks, func(f Framework) bool { return f.name() == framework }); i >= 0 {
			title = h.Frameworks[i].heading()
		}
		s := oscalSelection{Description: cmp.Or(line(title), "framework"), Props: prop("framework", framework)}
		for _, t := range sortedKeys(requirements[framework]) {
			s.Include = append(s.Include, oscalControl{t})
			if id := requirements[framework][t]; id != t {
				s.Props = append(s.Props, prop("id", t+" is "+id)...)
			}
		}
		all.Selections = append(all.Selections, s)
	}
	own := oscalSelection{Description: h.tool() + " controls"}
	for _, id := range sortedKeys(objectives) {
		o := objectives[id]
		own.Include = append(own.Include, oscalControl{o.token})
		if len(o.observed) == 0 {
			own.Exclude = append(own.Exclude, oscalControl{o.token})
		}
	}
	all.Selections = append(all.Selections, own)
	return all
}

func observe(h Header, r row) oscalObservation {
	f := r.Finding
	o := oscalObservation{
		UUID: named("observation", r.id), Title: r.title(), Description: r.detail(), Methods: []string{"TEST"}, Types: []string{"control-objective"},
		Collected: stamp(h.Finished), Remarks: cmp.Or(r.cause(), r.waiver()),
		Props: slices.Concat(
			prop("verdict", f.Status.String()), prop("state", r.state.String()), prop("control", r.Control.ID), prop("severity", r.severity.String()),
			prop("resource", r.subject()), prop("resource-type", f.Resource.Type), prop("account", f.Resource.Account), prop("region", f.Resource.Region),
			prop("owner", r.Owner), prop("cause", causeOf(r)), prop("change", r.change), prop("fingerprint", r.id),
		),
	}
	if r.evidence != nil {
		o.Evidence = []oscalEvidence{{line(string(r.evidence))}}
	}
	return o
}

func causeOf(r row) string {
	if r.state != unknown {
		return ""
	}
	return r.causeKind()
}

// prop is a property in our namespace, none where the value is empty: OSCAL has
// no empty text.
func prop(name, value string) []oscalProp {
	if value = line(value); value == "" {
		return nil
	}
	return []oscalProp{{name, oscalNamespace, value}}
}

// members writes the members of an object that is already open, and closes it.
func (o output) members(v any) error {
	b, err := o.encode(v)
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	o.put(",", string(b[1:]))
	return o.err()
}

// list writes a member that is a list, one element at a time, and not at all
// where there is no element: OSCAL has no empty list.
type list struct{ begun bool }

func (l *list) add(out output, name string, v any) error {
	if l.begun {
		out.put(",")
	} else {
		out.put(`,"`, name, `":[`)
	}
	l.begun = true
	return out.json(v)
}

func (l *list) end(out output) {
	if l.begun {
		out.put("]")
	}
}

// The objects of OSCAL that are written.
type (
	oscalMetadata struct {
		Title    string `json:"title"`
		Modified string `json:"last-modified"`
		Version  string `json:"version"`
		OSCAL    string `json:"oscal-version"`
	}
	oscalProp struct {
		Name  string `json:"name"`
		NS    string `json:"ns"`
		Value string `json:"value"`
	}
	oscalObservation struct {
		UUID        uuid            `json:"uuid"`
		Title       string          `json:"title"`
		Description string          `json:"description"`
		Props       []oscalProp     `json:"props,omitempty"`
		Methods     []string        `json:"methods"`
		Types       []string        `json:"types"`
		Evidence    []oscalEvidence `json:"relevant-evidence,omitempty"`
		Collected   string          `json:"collected"`
		Remarks     string          `json:"remarks,omitempty"`
	}
	oscalEvidence struct {
		Description string `json:"description"`
	}
	oscalResultEnd struct {
		Title       string        `json:"title"`
		Description string        `json:"description"`
		Start       string        `json:"start"`
		End         string        `json:"end,omitempty"`
		Props       []oscalProp   `json:"props,omitempty"`
		Reviewed    oscalReviewed `json:"reviewed-controls"`
		Remarks     string        `json:"remarks,omitempty"`
	}
	oscalReviewed struct {
		Selections []oscalSelection `json:"control-selections"`
	}
	oscalSelection struct {
		Description string         `json:"description"`
		Props       []oscalProp    `json:"props,omitempty"`
		Include     []oscalControl `json:"include-controls"`
		Exclude     []oscalControl `json:"exclude-controls,omitempty"`
	}
	oscalControl struct {
		ID string `json:"control-id"`
	}
	oscalRisk struct {
		UUID         uuid            `json:"uuid"`
		Title        string          `json:"title"`
		Description  string          `json:"description"`
		Statement    string          `json:"statement"`
		Props        []oscalProp     `json:"props,omitempty"`
		Status       string          `json:"status"`
		Deadline     string          `json:"deadline,omitempty"`
		Remedies     []oscalRemedy   `json:"remediations,omitempty"`
		Observations []oscalObserved `json:"related-observations,omitempty"`
	}
	oscalRemedy struct {
		UUID        uuid   `json:"uuid"`
		Lifecycle   string `json:"lifecycle"`
		Title       string `json:"title"`
		Description string `json:"description"`
	}
	oscalObserved struct {
		UUID uuid `json:"observation-uuid"`
	}
	oscalRiskRef struct {
		UUID uuid `json:"risk-uuid"`
	}
	oscalFinding struct {
		UUID         uuid            `json:"uuid"`
		Title        string          `json:"title"`
		Description  string          `json:"description"`
		Props        []oscalProp     `json:"props,omitempty"`
		Target       oscalTarget     `json:"target"`
		Observations []oscalObserved `json:"related-observations"`
		Risks        []oscalRiskRef  `json:"related-risks,omitempty"`
	}
	oscalTarget struct {
		Type   string     `json:"type"`
		ID     string     `json:"target-id"`
		Status oscalState `json:"status"`
	}
	oscalState struct {
		State   string `json:"state"`
		Reason  string `json:"reason"`
		Remarks string `json:"remarks"`
	}
	oscalResource struct {
		UUID        uuid   `json:"uuid"`
		Title       string `json:"title"`
		Description string `json:"description"`
	}
)
