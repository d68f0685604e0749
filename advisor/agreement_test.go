package advisor_test

import (
	"testing"
	"time"

	"github.com/awsposture/posture/advisor"
	"github.com/awsposture/posture/advisor/advisortest"
)

func flagged(id, region string, c advisor.Colour) advisor.Flagged {
	return advisor.Flagged{RowID: "row", ID: id, Region: region, Colour: c}
}

func local(id, region string, c advisor.Colour) advisor.Row {
	at := place
	at.Region = region
	return advisor.Row{Resource: at.Resource("AWS::Example::Thing", id, ""), Colour: c, Reason: "seen"}
}

func TestCompare(t *testing.T) {
	byARN := local("x", "eu-west-1", red)
	byARN.Resource.ARN = "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1"
	expected := local("a", "", red)
	expected.Expected = "AWS changed the check"
	out := flagged("a", "", red)
	out.Excluded = true
	for name, test := range map[string]struct {
		processed int64
		at        time.Time
		rows      []advisor.Flagged
		local     []advisor.Row
		want      []advisor.Agreement
		why       bool // of the first
	}{
		"equal":                             {1, now, []advisor.Flagged{flagged("a", "", red)}, []advisor.Row{local("a", "", red)}, []advisor.Agreement{advisor.Agrees}, false},
		"stricter":                          {1, now, []advisor.Flagged{flagged("a", "", yellow)}, []advisor.Row{local("a", "", red)}, []advisor.Agreement{advisor.LocalStricter}, false},
		"stricter and expected":             {1, now, []advisor.Flagged{flagged("a", "", yellow)}, []advisor.Row{expected}, []advisor.Agreement{advisor.LocalStricter}, true},
		"laxer":                             {1, now, []advisor.Flagged{flagged("a", "", red)}, []advisor.Row{local("a", "", green)}, []advisor.Agreement{advisor.LocalLaxer}, false},
		"not listed, and looked at":         {2, now, nil, []advisor.Row{local("a", "", green), local("b", "", green)}, []advisor.Agreement{advisor.Agrees, advisor.Agrees}, false},
		"red, not listed, and looked at":    {1, now, nil, []advisor.Row{local("a", "", red)}, []advisor.Agreement{advisor.LocalStricter}, false},
		"not listed, maybe not looked at":   {1, now, nil, []advisor.Row{local("a", "", green), local("b", "", red)}, []advisor.Agreement{advisor.NotComparable, advisor.OnlyLocal}, true},
		"only theirs":                       {1, now, []advisor.Flagged{flagged("a", "", red)}, nil, []advisor.Agreement{advisor.OnlyAdvisor}, false},
		"theirs and green":                  {1, now, []advisor.Flagged{flagged("a", "", green)}, nil, nil, false},
		"excluded":                          {1, now, []advisor.Flagged{out}, []advisor.Row{local("a", "", red)}, []advisor.Agreement{advisor.NotComparable}, true},
		"excluded and not ours":             {1, now, []advisor.Flagged{out}, nil, nil, false},
		"excluded in part":                  {1, now, []advisor.Flagged{out, flagged("a", "", yellow)}, []advisor.Row{local("a", "", yellow)}, []advisor.Agreement{advisor.Agrees}, false},
		"several rows":                      {1, now, []advisor.Flagged{flagged("a", "", yellow), flagged("a", "", red)}, []advisor.Row{local("a", "", green), local("a", "", red)}, []advisor.Agreement{advisor.Agrees}, false},
		"old":                               {1, now.Add(-25 * time.Hour), []advisor.Flagged{flagged("a", "", red)}, []advisor.Row{local("a", "", green)}, []advisor.Agreement{advisor.NotComparable}, true},
		"no result":                         {1, time.Time{}, nil, []advisor.Row{local("a", "", red)}, []advisor.Agreement{advisor.NotComparable}, true},
		"not known here":                    {1, now, []advisor.Flagged{flagged("a", "", red)}, []advisor.Row{local("a", "", none)}, []advisor.Agreement{advisor.NotComparable}, false},
		"two regions":                       {2, now, []advisor.Flagged{flagged("a", "eu-west-1", red)}, []advisor.Row{local("a", "eu-west-1", red), local("a", "eu-west-2", green)}, []advisor.Agreement{advisor.Agrees, advisor.Agrees}, false},
		"by id and by ARN":                  {1, now, []advisor.Flagged{flagged("sg-1", "eu-west-1", red)}, []advisor.Row{byARN}, []advisor.Agreement{advisor.Agrees}, false},
		"by ARN and by name":                {1, now, []advisor.Flagged{flagged("arn:aws:s3:::a", "", red)}, []advisor.Row{local("a", "eu-west-1", red)}, []advisor.Agreement{advisor.Agrees}, false},
		"a global one, once for one region": {1, now, []advisor.Flagged{flagged("a", "us-east-1", red)}, []advisor.Row{local("a", "", red)}, []advisor.Agreement{advisor.Agrees}, false},
	} {
		r := advisor.Result{Check: advisor.Check{ID: ports}, Colour: red, At: test.at, Processed: test.processed}
		got := advisor.Compare(r, test.rows, test.local, now, 24*time.Hour)
		if len(got) != len(test.want) {
			t.Errorf("%s: %+v", name, got)
			continue
		}
		for i, c := range got {
			if c.How != test.want[i] {
				t.Errorf("%s: %d is %s, want %s", name, i, c.How, test.want[i])
			}
		}
		if len(got) > 0 && (got[0].Why != "") != test.why {
			t.Errorf("%s: the reason is %q", name, got[0].Why)
		}
	}
}

// Expected differences do not fail, and old results have nothing to compare.
func TestDisagreementJudges(t *testing.T) {
	for name, test := range map[string]struct {
		hours int
		row   advisor.Row
		want  string
	}{
		"as expected": {1, advisor.Row{Resource: thing("p"), Colour: red, Reason: "The account has no password policy.", Expected: "AWS changed the check"}, "pass"},
		"not so":      {1, advisor.Row{Resource: thing("p"), Colour: red, Reason: "The account has no password policy."}, "fail"},
		"old":         {25, advisor.Row{Resource: thing("p"), Colour: red, Reason: "The account has no password policy."}, "not-applicable"},
	} {
		w := barren()
		c := check(advisor.CheckPasswordPolicy, green)
		c.At = hoursAgo(test.hours)
		w.facts.local = map[string][]advisor.Row{advisor.CheckPasswordPolicy: {test.row}}
		w.Edit(func(s *advisortest.State) { s.Checks = append(s.Checks, c) })
		fs, err := advisor.Disagreement{Account: w.account()}.Evaluate(t.Context())
		if err != nil || len(fs) != 1 || fs[0].Status.String() != test.want || fs[0].Detail == "" {
			t.Errorf("%s: %+v, %v", name, fs, err)
		}
	}
}
