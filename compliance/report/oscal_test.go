package report

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/awsposture/posture/compliance"
)

type oscalDocument struct {
	AR struct {
		Results []struct {
			Observations []oscalText
			Findings     []struct {
				Title  string
				Target struct {
					Status struct{ State, Reason string }
				}
				Observations []struct {
					ID string `json:"observation-uuid"`
				} `json:"related-observations"`
				Risks []struct {
					ID string `json:"risk-uuid"`
				} `json:"related-risks"`
			}
			Risks    []oscalText
			Reviewed struct {
				Selections []struct {
					Include, Exclude []struct {
						ID string `json:"control-id"`
					}
				} `json:"control-selections"`
			} `json:"reviewed-controls"`
		}
	} `json:"assessment-results"`
}

type oscalText struct{ UUID, Status, Deadline string }

func readOSCAL(t *testing.T, items []compliance.Item) oscalDocument {
	t.Helper()
	var d oscalDocument
	if err := json.Unmarshal(write(t, OSCAL{}, header(), slices.Values(items)), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// Only a control of which everything passed is satisfied.
func TestOSCALState(t *testing.T) {
	all := small()
	failed, unknownOne, waivedOne, passed, nothing := all[0], all[2], all[3], all[4], all[5]
	for name, c := range map[string]struct {
		items         []compliance.Item
		state, reason string
		risks         int
	}{
		"pass":                 {[]compliance.Item{passed}, "satisfied", "pass", 0},
		"pass, not applicable": {[]compliance.Item{passed, nothing}, "satisfied", "pass", 0},
		"pass, fail":           {[]compliance.Item{passed, failed}, "not-satisfied", "fail", 1},
		"pass, unknown":        {[]compliance.Item{passed, unknownOne}, "not-satisfied", "other", 0},
		"unknown, fail":        {[]compliance.Item{unknownOne, failed}, "not-satisfied", "fail", 1},
		"pass, waived":         {[]compliance.Item{passed, waivedOne}, "not-satisfied", "fail", 1},
		"waived, fail":         {[]compliance.Item{waivedOne, failed}, "not-satisfied", "fail", 2},
		"not applicable":       {[]compliance.Item{nothing}, "", "", 0},
	} {
		for i := range c.items {
			c.items[i].Control.ID, c.items[i].Finding.Control = "iam.one", "iam.one"
		}
		r := readOSCAL(t, c.items).AR.Results[0]
		if c.state == "" {
			if len(r.Findings) != 0 || len(r.Reviewed.Selections) != 2 {
				t.Errorf("%s: %+v", name, r)
			}
			continue
		}
		if len(r.Findings) != 1 || r.Findings[0].Target.Status.State != c.state || r.Findings[0].Target.Status.Reason != c.reason || len(r.Risks) != c.risks || len(r.Findings[0].Risks) != c.risks {
			t.Errorf("%s: %+v", name, r)
		}
		for _, risk := range r.Risks {
			if (risk.Status == "deviation-approved") != (risk.Deadline != "") {
				t.Errorf("%s: %+v", name, risk)
			}
		}
	}
}

// Every UUID that is named exists, and exists once.
func TestOSCALReferences(t *testing.T) {
	r := readOSCAL(t, generated(600)).AR.Results[0]
	if len(r.Observations) != 600 {
		t.Fatalf("%d observations", len(r.Observations))
	}
	known := map[string]bool{}
	for _, o := range slices.Concat(r.Observations, r.Risks) {
		if known[o.UUID] {
			t.Errorf("%s stands twice", o.UUID)
		}
		known[o.UUID] = true
	}
	for _, f := range r.Findings {
		for _, o := range f.Observations {
			if !known[o.ID] {
				t.Errorf("observation %s does not exist", o.ID)
			}
		}
		for _, o := range f.Risks {
			if !known[o.ID] {
				t.Errorf("risk %s does not exist", o.ID)
			}
		}
	}
}

func TestOSCALIDs(t *testing.T) {
	for want, q := range map[string]compliance.Ref{
		"cis-1.2":                 {Framework: "cis-aws", Version: "5.0.0", ID: "1.2"},
		"pci-10.2.1":              {Framework: "pci-dss", Version: "4.0.1", ID: "10.2.1"},
		"r2-3.13.15":              {Framework: "nist-800-171", Version: "r2", ID: "3.13.15"},
		"hipaa-164.308_a_1":       {Framework: "hipaa-security", Version: "45cfr164c", ID: "164.308(a)(1)"},
		"ac-2.12":                 {Framework: "nist-800-53", Version: "r5", ID: "AC-2(12)"},
		"soc2-CC6.1":              {Framework: "soc2-tsc", Version: "2017", ID: "CC6.1"},
		"gdpr-Art.32_1":           {Framework: "gdpr", Version: "2016-679", ID: "Art.32(1)"},
		"aws-fsbp-IAM.3":          {Framework: "aws-fsbp", Version: "1.0.0", ID: "IAM.3"},
		"_":                       {},
		"iso-A.5.1":               {Framework: "iso-27001", Version: "2022", ID: "A.5.1"},
		"nist-csf-PR.AA-01":       {Framework: "nist-csf", Version: "2.0", ID: "PR.AA-01"},
		"fedramp-like-x_y_\u00e9": {Framework: "fedramp-like", ID: "x y\u202e\u00e9"},
	} {
		if got := refToken(q); got != want {
			t.Errorf("%v: %s, not %s", q, got, want)
		}
	}
}

func TestUUIDIsOfVersion5(t *testing.T) {
	a, b := named("a", "b"), named("ab", "")
	if a == b || a[6]>>4 != 5 || a[8]>>6 != 2 || a != named("a", "b") {
		t.Errorf("%s %s", a, b)
	}
}
