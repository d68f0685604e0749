package advisor_test

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/advisor"
	"github.com/awsposture/posture/advisor/advisortest"
	"github.com/awsposture/posture/advisor/trustedadvisor"
	"github.com/awsposture/posture/advisor/trustedadvisor/trustedadvisortest"
	"github.com/awsposture/posture/internal/awsfake"
)

// said is a source that says what it is told to.
type said struct {
	results []advisor.Result
	rows    []advisor.Flagged
}

func (s said) Results(context.Context) ([]advisor.Result, error) { return s.results, nil }

func (s said) Resources(context.Context, advisor.Result) ([]advisor.Flagged, error) {
	return s.rows, nil
}

func (said) Actions() advisor.Actions { return advisor.Actions{} }

func (s said) account() *advisor.Account {
	a := advisor.NewAccount(place, s)
	a.Now = clock
	return a
}

func of(id string, c advisor.Colour, flagged int64) advisor.Result {
	k, _ := advisor.Table().Find(id)
	return advisor.Result{Check: advisor.Check{ID: id, Name: k.Name, Categories: []advisor.Category{k.Category}}, Colour: c, At: hoursAgo(1), Processed: 9, Flagged: flagged}
}

// A resource whose status is none that this version knows may be anything: it is
// unknown to each colour, and what is known of the others stands.
func TestRowOfUnknownColour(t *testing.T) {
	row := func(id string, c advisor.Colour) advisor.Flagged {
		return advisor.Flagged{RowID: id, ID: id, Region: "eu-west-1", Colour: c}
	}
	out := row("out", advisor.NotAvailable)
	out.Excluded = true
	rows := []advisor.Flagged{row("a", advisor.Yellow), row("b", advisor.NotAvailable), row("b", ""), out}
	for _, test := range []struct {
		check string
		judge func(*advisor.Account) posture.Evaluator
		// how many resources fail and are unknown; of exposed keys, the excluded too
		fails, unknown int
	}{
		{ports, func(a *advisor.Account) posture.Evaluator {
			return advisor.Coloured{Account: a, Category: advisor.Security, Colour: advisor.Red}
		}, 0, 1},
		{ports, func(a *advisor.Account) posture.Evaluator {
			return advisor.Coloured{Account: a, Category: advisor.Security, Colour: advisor.Yellow}
		}, 1, 1},
		{vpcs, func(a *advisor.Account) posture.Evaluator { return advisor.Limits{Account: a} }, 1, 1},
		{keys, func(a *advisor.Account) posture.Evaluator { return advisor.ExposedKeys{Account: a} }, 1, 2},
	} {
		a := said{[]advisor.Result{of(test.check, advisor.Yellow, 3)}, rows}.account()
		e := test.judge(a)
		fs, err := e.Evaluate(t.Context())
		unknown := only(fs, posture.Unknown)
		if err != nil || len(only(fs, posture.Pass)) > 0 || len(only(fs, posture.Fail)) != test.fails || len(unknown) != test.unknown {
			t.Errorf("%s: %+v, %v", e.Control().ID, fs, err)
			continue
		}
		if f := unknown[0]; f.Resource.ID != "b" || f.Cause.Kind != posture.CauseNotReady || !strings.Contains(f.Cause.Message, "status") || f.Severity != e.Control().Severity {
			t.Errorf("%s: %+v", e.Control().ID, f)
		}
	}
	all := advisor.Compare(of(ports, advisor.Yellow, 1), []advisor.Flagged{row("b", advisor.NotAvailable)}, nil, now, day)
	if len(all) != 1 || all[0].How != advisor.NotComparable || all[0].Why == "" {
		t.Errorf("compared: %+v", all)
	}
}

// A result that does not say when it was made is not fresh, and is not a check
// without a result either.
func TestResultWithoutTime(t *testing.T) {
	r := of(ports, advisor.Green, 0)
	r.At = time.Time{}
	fs, err := advisor.Fresh{Account: said{results: []advisor.Result{r}}.account()}.Evaluate(t.Context())
	if err != nil || len(fs) != 1 || fs[0].Status != posture.Unknown || fs[0].Cause.Kind != posture.CauseMalformed {
		t.Errorf("%+v, %v", fs, err)
	}
}

// A check that counts excluded resources and lists none leaves unknown what is
// excluded, whatever the others list.
func TestExcludedAndNotListed(t *testing.T) {
	silent := of(ports, advisor.Green, 0)
	silent.Excluded = 2
	for name, rows := range map[string][]advisor.Flagged{"no row": nil, "another row": {{ID: "a", Colour: advisor.Red}}} {
		fs, err := advisor.Exclusions{Account: said{[]advisor.Result{silent}, rows}.account()}.Evaluate(t.Context())
		if err != nil || len(fs) != 1 || fs[0].Status != posture.Unknown || fs[0].Cause.Kind != posture.CauseTruncated {
			t.Errorf("%s: %+v, %v", name, fs, err)
		}
	}
}

// Of two acceptances of one exclusion the one with a reason counts.
func TestAcceptedTwice(t *testing.T) {
	r := of(ports, advisor.Green, 0)
	r.Excluded = 1
	e := advisor.Exclusions{
		Account:  said{[]advisor.Result{r}, []advisor.Flagged{{ID: "a", Colour: advisor.Red, Excluded: true}}}.account(),
		Accepted: []advisor.Accepted{{Check: ports}, {Check: ports, Resource: "a", Reason: "it is a honeypot"}},
	}
	fs, err := e.Evaluate(t.Context())
	if err != nil || len(fs) != 1 || fs[0].Status != posture.Pass {
		t.Errorf("%+v, %v", fs, err)
	}
}

// Quotas of which nobody measured the use say nothing of the limits where Trusted
// Advisor says nothing either.
func TestLimitsUnmeasured(t *testing.T) {
	for name, quotas := range map[string][]advisor.Quota{"none": nil, "unmeasured": {{Service: "vpc", Code: "L-F678F1CE", Value: 5000}}} {
		w := refused()
		a := w.account()
		a.Quotas = func(context.Context) ([]advisor.Quota, error) { return quotas, nil }
		fs, err := advisor.Limits{Account: a}.Evaluate(t.Context())
		want := posture.NotApplicable // no quota was named, so that none was to be judged
		if len(quotas) > 0 {
			want = posture.Unknown
		}
		if err != nil || len(fs) != 1 || fs[0].Status != want || want == posture.Unknown && fs[0].Cause.Kind != posture.CauseNotProvided {
			t.Errorf("%s: %+v, %v", name, fs, err)
		}
	}
}

// A stage that this version does not know may be one that waits for an answer.
func TestPriorityOfUnknownStage(t *testing.T) {
	for _, stage := range []advisor.Stage{"", "escalated"} {
		w := badWorld()
		w.Edit(func(s *advisortest.State) { s.Priorities[0].Stage = stage })
		fs, err := advisor.PriorityOpen{Account: w.account()}.Evaluate(t.Context())
		if err != nil || len(fs) != 1 || fs[0].Status != posture.Unknown || fs[0].Cause.Kind != posture.CauseMalformed || !strings.Contains(fs[0].Detail, "stage") {
			t.Errorf("%q: %+v, %v", stage, fs, err)
		}
	}
}

// Where a partition has no endpoint of Trusted Advisor there are no priority
// recommendations, as there are no checks.
func TestPriorityWithoutEndpoint(t *testing.T) {
	for partition, want := range map[string]posture.Status{"aws-us-gov": posture.NotApplicable, "aws": posture.Unknown} {
		f := advisortest.New(posture.Place{Partition: partition, Account: place.Account})
		f.Inject(awsfake.Fault{Operation: "ListRecommendations", Err: &net.DNSError{Err: "no such host", Name: "trustedadvisor", IsNotFound: true}})
		a := advisor.NewAccount(f.Place(), trustedadvisor.NewSource(trustedadvisortest.New(f)))
		fs := scan(t, []posture.Evaluator{advisor.PriorityOpen{Account: a}})["advisor.priority-open"]
		if len(fs) != 1 || fs[0].Status != want {
			t.Errorf("%s: %+v", partition, fs)
		}
	}
}

// A listing of checks that breaks off leaves out what it did not reach and what has
// no result as far as it was read: nothing is said to have none.
func TestChecksBreakOff(t *testing.T) {
	w := goodWorld()
	w.PageSize = 2
	w.Inject(awsfake.Fault{Operation: "ListChecks", Skip: 1, Err: awsfake.ErrDenied})
	a := w.account()
	results, err := a.Results(t.Context())
	if c := posture.CauseOf(err); c == nil || c.Kind != posture.CauseDenied {
		t.Errorf("because of %v", err)
	}
	for _, r := range results {
		if r.Colour == advisor.NotAvailable {
			t.Errorf("%s has no result", r.Check.ID)
		}
	}
	if len(results) == 0 {
		t.Error("what was read is lost")
	}
	fs := scan(t, []posture.Evaluator{advisor.Fresh{Account: a}})["advisor.fresh"]
	if len(only(fs, posture.NotApplicable)) > 0 || len(only(fs, posture.Unknown)) != 1 {
		t.Errorf("fresh: %+v", fs)
	}
}

// An answer that AWS would refuse is refused before anything is written.
func TestAnswersThatAWSRefuses(t *testing.T) {
	type answer struct {
		to  advisor.Stage
		why advisor.Reason
	}
	for name, test := range map[string]struct {
		answer
		planned bool
	}{
		"begun":                      {answer{advisor.StageInProgress, advisor.Reason{}}, true},
		"dismissed with a reason":    {answer{advisor.StageDismissed, advisor.Reason{Code: "low_priority"}}, true},
		"other, in words":            {answer{advisor.StageDismissed, advisor.Reason{Code: "other", Text: "the account is closed in May"}}, true},
		"dismissed without a reason": {answer{advisor.StageDismissed, advisor.Reason{}}, false},
		"other without words":        {answer{advisor.StageResolved, advisor.Reason{Code: "other"}}, false},
		"words that are too few":     {answer{advisor.StageDismissed, advisor.Reason{Code: "low_priority", Text: "later"}}, false},
		"words that are too many":    {answer{advisor.StageDismissed, advisor.Reason{Code: "low_priority", Text: strings.Repeat("x", 4097)}}, false},
		"a stage that is none":       {answer{"escalated", advisor.Reason{}}, false},
		"absent":                     {answer{advisor.StageAbsent, advisor.Reason{}}, false},
	} {
		w := badWorld()
		a := w.account()
		writer := trustedadvisor.NewWriter(trustedadvisortest.New(w.Advisor))
		fs := only(scan(t, []posture.Evaluator{advisor.PriorityOpen{Account: a}})["advisor.priority-open"], posture.Fail)
		r := advisor.AnswerPriority{Account: a, Writer: writer, Answer: func(context.Context, advisor.Priority) (advisor.Stage, advisor.Reason, error) {
			return test.to, test.why, nil
		}}
		plan, err := r.Plan(t.Context(), fs...)
		if test.planned != (err == nil && len(plan.Steps) == 1) || !test.planned && !refusedFor(err, posture.ReasonNeedsChoice) {
			t.Errorf("%s: %+v, %v", name, plan, err)
		}
		wrote := writer.Move(t.Context(), "arn:aws:trustedadvisor::111122223333:recommendation/p-old-recommendation", test.to, test.why)
		if test.planned != (wrote == nil) {
			t.Errorf("%s: AWS answers %v", name, wrote)
		}
	}
}

// A check of the account as a whole gives its row no name: what was recomputed of
// it is of the same account, and told of once.
func TestRankTellsOnceOfTheAccount(t *testing.T) {
	root := place.Resource("AWS::IAM::Account", place.Account, place.ARN("iam", "root"))
	for _, rows := range [][]advisor.Flagged{nil, {{RowID: "r1", ID: "r1", Colour: advisor.Red}}} {
		a := said{[]advisor.Result{of(advisor.CheckRootMFA, advisor.Red, int64(len(rows)))}, rows}.account()
		a.Local = map[string]posture.Fact[[]advisor.Row]{advisor.CheckRootMFA: func(context.Context) ([]advisor.Row, error) {
			return advisor.RootMFA(advisor.RootFact{Account: root, Password: true}), nil
		}}
		var fs []posture.Finding
		for r := range posture.Scan(t.Context(), advisor.Evaluators(a), nil) {
			fs = append(fs, r.Findings...)
		}
		var told []advisor.Advice
		for _, one := range advisor.Rank(fs) {
			if one.Check == advisor.CheckRootMFA {
				told = append(told, one)
			}
		}
		if len(told) != 1 || told[0].Recomputed {
			t.Errorf("with rows %v: %+v", rows, told)
		}
	}
}

// A result of after the page was made is not of a negative age.
func TestPageOfEarlier(t *testing.T) {
	f := said{results: []advisor.Result{of(ports, advisor.Red, 0)}}.account()
	fs := scan(t, []posture.Evaluator{advisor.Coloured{Account: f, Category: advisor.Security, Colour: advisor.Red}})["advisor.red"]
	var s strings.Builder
	if err := advisor.PageOf(place, hoursAgo(9), fs).Markdown(&s); err != nil || strings.Contains(s.String(), "-8 hours") || !strings.Contains(s.String(), "0 hours") {
		t.Errorf("%s, %v", &s, err)
	}
}

// Whoever may exclude a key from the check has not taken it back from the public.
func TestExposedKeyExcluded(t *testing.T) {
	for colour, want := range map[advisor.Colour]posture.Status{advisor.Red: posture.Fail, advisor.Yellow: posture.Fail, advisor.Green: posture.Pass, advisor.NotAvailable: posture.Unknown} {
		r := of(keys, advisor.Green, 0)
		r.Excluded = 1
		fs, err := advisor.ExposedKeys{Account: said{[]advisor.Result{r}, []advisor.Flagged{{ID: "ana", Colour: colour, Excluded: true}}}.account()}.Evaluate(t.Context())
		if err != nil || len(fs) != 1 || fs[0].Status != want || want == posture.Fail && (!strings.Contains(fs[0].Detail, "excluded") || fs[0].Resource.ID != "ana") {
			t.Errorf("%s: %+v, %v", colour, fs, err)
		}
	}
}
