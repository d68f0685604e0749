package inspector

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/awsposture/posture"
)

// Proof proves what was scanned of Region.Inventory. The error is of what could
// not be read; what was read is in the proof all the same.
func (r *Region) Proof(ctx context.Context, limits Limits) (Proof, error) {
	inventory, err := r.Inventory.Get(ctx, "the inventory of what there is to scan")
	if err != nil {
		return Proof{}, err
	}
	rows, err := r.Coverage(ctx)
	return Prove(r.place, r.now(), inventory, rows, limits, err), err
}

// Covered judges that every resource of the inventory is proven scanned. Each
// scan of each resource is a finding, whose Sub is the scan.
type Covered struct {
	Region *Region
	Limits Limits // Scans leaves out by itself what is not enabled, and adds the code of functions where that is
}

// scanOf is the scan type that covers a type's scans.
var scanOf = map[string]ScanType{TypeInstance: EC2, TypeImage: ECR, TypeFunction: Lambda, TypeCodeRepository: CodeRepository}

// Control implements posture.Evaluator.
func (e Covered) Control() posture.Control {
	return posture.Control{
		ID:       "inspector.coverage",
		Title:    "Every resource is proven scanned",
		Doc:      "That Inspector found nothing means nothing where it did not look, and it tells of what it does not know neither. Hold the inventory of instances, images and functions against its coverage; follow the reason that each finding names.",
		Severity: posture.High, Scope: posture.Regional, Resource: TypeInstance,
		Requires: actions("BatchGetAccountStatus", "ListCoverage"),
		Params:   limitParams(e.Limits),
	}
}

func limitParams(l Limits) []posture.Param {
	return []posture.Param{{Name: "limits", Value: l.String(), Default: Limits{}.String(), Source: "Inspector User Guide, assessing coverage"}}
}

// Place implements posture.Evaluator.
func (e Covered) Place() posture.Place { return e.Region.Place() }

// Evaluate implements posture.Evaluator.
func (e Covered) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, r := e.Control(), e.Region
	s, off, err := r.on(ctx, c)
	if off != nil || err != nil {
		return off, err
	}
	limits, unscanned := e.enabled(s)
	inventory, err := r.Inventory.Get(ctx, "the inventory of what there is to scan")
	if err != nil {
		return nil, err
	}
	rows, err := r.Coverage(ctx)
	proof := Prove(r.place, r.now(), inventory, rows, limits, err)
	fs := findingsOf(c, proof, err)
	fs = append(fs, r.unlooked(c, inventory, sortedKeys(limits.Scans))...)
	none := "The inventory has nothing to scan."
	if unscanned != nil {
		none = "The inventory has nothing that an enabled scan type covers; " + strings.Join(unscanned, ", ") + " are judged by their own controls."
	}
	return c.Judged(fs, err, r.resource(), none)
}

// unlooked gives an Unknown for each type that is scanned and that the inventory
// did not look for.
func (r *Region) unlooked(c posture.Control, inventory map[string][]Asset, types []string) (fs []posture.Finding) {
	for _, typ := range types {
		if _, looked := inventory[typ]; !looked {
			fs = append(fs, c.Unknown(r.resource(), unlooked(typ)).Part(typ))
		}
	}
	return fs
}

func unlooked(typ string) error {
	return &posture.Cause{Kind: posture.CauseNotProvided, Message: "the inventory provided says nothing of " + typ}
}

// enabled keeps the scans whose scan type is enabled, since the controls of the
// scan types judge the others.
func (e Covered) enabled(s AccountStatus) (l Limits, unscanned []string) {
	l = e.Limits.orDefault()
	l.Scans = maps.Clone(l.Scans)
	for _, typ := range sortedKeys(l.Scans) {
		if !s.Scans(scanOf[typ]) {
			delete(l.Scans, typ)
			unscanned = append(unscanned, string(scanOf[typ]))
		}
	}
	if fs := l.Scans[TypeFunction]; fs != nil && s.Scans(LambdaCode) && e.Limits.Scans == nil {
		l.Scans[TypeFunction] = append(slices.Clone(fs), CodeScan)
	}
	return l, unscanned
}

// findingsOf gives a finding per record. Where rows were not read to their end,
// the scans without one are the one Unknown of err.
func findingsOf(c posture.Control, p Proof, err error) (fs []posture.Finding) {
	for _, r := range p.Records {
		switch r.Verdict {
		case Proven:
			fs = append(fs, c.Pass(r.Resource, r).Part(string(r.Scan)))
		case Blind, Missing:
			fs = append(fs, c.Fail(r.Resource, r).Part(string(r.Scan)))
		case Undecided:
			if !r.Covered && err != nil {
				continue
			}
			f := c.Unknown(r.Resource, undecided(r)).Part(string(r.Scan))
			f.Evidence = r
			fs = append(fs, f)
		default:
			f := c.NotApplicable(r.Resource, r.Why).Part(string(r.Scan))
			f.Evidence = r
			fs = append(fs, f)
		}
	}
	return fs
}

// undecided is the cause of a record that is neither proven nor not.
func undecided(r Record) error {
	kind := posture.CauseError
	switch {
	case strings.HasPrefix(r.Reason, "PENDING_"):
		kind = posture.CauseNotReady
	case r.Reason == "" || Explain(r.Reason).Verdict == Proven:
		kind = posture.CauseMalformed
	}
	return &posture.Cause{Kind: kind, Operation: "Inspector2:ListCoverage", Message: fmt.Sprintf("%s: %s", cmp.Or(r.Reason, "no reason"), r.Why)}
}
