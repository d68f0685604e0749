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

// A check of the whole account is compared by its colour, and one of a region by
// the region: their rows have no names to go by.
func TestCompareWithoutNames(t *testing.T) {
	account := advisor.Row{Resource: place.Resource("AWS::IAM::Account", place.Account, ""), Colour: red, Reason: "seen"}
	r := advisor.Result{Check: advisor.Check{ID: advisor.CheckRootMFA}, Colour: red, At: now, Processed: 1, Flagged: 1}
	if got := advisor.Compare(r, []advisor.Flagged{flagged("row-17", "", red)}, []advisor.Row{account}, now, day); len(got) != 1 || got[0].How != advisor.Agrees {
		t.Errorf("the account: %+v", got)
	}
	r.Colour = green
	if got := advisor.Compare(r, nil, []advisor.Row{account}, now, day); len(got) != 1 || got[0].How != advisor.LocalStricter {
		t.Errorf("the account, otherwise: %+v", got)
	}
	regions := []advisor.Row{local("", "eu-west-1", red), local("", "eu-west-2", green)}
	r = advisor.Result{Check: advisor.Check{ID: advisor.CheckManagementTrail}, Colour: red, At: now, Processed: 2, Flagged: 1}
	got := advisor.Compare(r, []advisor.Flagged{flagged("row-1", "eu-west-1", red)}, regions, now, day)
	if len(got) != 2 || got[0].How != advisor.Agrees || got[1].How != advisor.Agrees {
		t.Errorf("regions: %+v", got)
	}
}

// What the checks call their resources, as the AWS Support API has it.
func TestIdentity(t *testing.T) {
	for _, test := range []struct {
		check, aws string
		meta       map[string]string
		want       string
	}{
		{ports, "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1", map[string]string{"Security Group ID": "sg-2"}, "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1"},
		{ports, "", map[string]string{"Security Group Name": "web", "Security Group ID": "sg-1 (vpc-1)"}, "sg-1"},
		{"ePs02jT06w", "", map[string]string{"Volume ID": "vol-1", "Snapshot ID": "snap-1"}, "snap-1"},
		{"H7IgTzjTYb", "", map[string]string{"Volume ID": "vol-1", "Snapshot ID": "snap-1"}, "vol-1"},
		{"PPkZrjsH2q", "", map[string]string{"Volume ID": "vol-1", "Instance ID": "i-1"}, "vol-1"},
		{"vjafUGJ9H0", "", map[string]string{"Trail Name": "main", "Bucket Name": "logs"}, "main"},
		{advisor.CheckMailPolicy, "", map[string]string{"Hosted Zone ID": "Z1", "Resource Record Set Name": "example.com."}, "Z1/example.com"},
		{advisor.CheckMailPolicy, "", map[string]string{"Hosted Zone ID": "Z1"}, "row"},
		{"Zz9NewOne1", "", map[string]string{"Colour of the box": "blue"}, "row"},
	} {
		if got := advisor.Identity(test.check, test.aws, "row", test.meta); got != test.want {
			t.Errorf("%s: %q, want %q", test.check, got, test.want)
		}
	}
	record := advisor.MailPolicy([]advisor.RecordFact{{Zone: thing("Z1"), Name: "example.com.", Type: "MX"}})
	r := advisor.Result{Check: advisor.Check{ID: advisor.CheckMailPolicy}, Colour: red, At: now, Processed: 1, Flagged: 1}
	if got := advisor.Compare(r, []advisor.Flagged{flagged("Z1/example.com", "", red)}, record, now, day); len(got) != 1 || got[0].How != advisor.Agrees {
		t.Errorf("a record: %+v", got)
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
