package inspector

import (
	"cmp"
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/inspector2"
	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"

	"github.com/awsposture/posture"
)

// CISTarget is what a scan says of one instance.
type CISTarget struct {
	Account, Instance, Platform string
	Status, Why                 string // COMPLETED, CANCELLED, TIMED_OUT; why, "" is that it went well
	Failed, Passed, Skipped     int    // checks
}

// CISTargets lists what a scan says of each instance of the account.
func (r *Region) CISTargets(ctx context.Context, scan string) ([]CISTarget, error) {
	return r.targets.Get(ctx, scan, func(ctx context.Context) ([]CISTarget, error) {
		criteria := &types.CisScanResultsAggregatedByTargetResourceFilterCriteria{
			AccountIdFilters: []types.CisStringFilter{{Comparison: types.CisStringComparisonEquals, Value: &r.place.Account}},
		}
		return pages(ctx, func(ctx context.Context, token *string) ([]CISTarget, *string, error) {
			out, err := r.api.ListCisScanResultsAggregatedByTargetResource(ctx, &inspector2.ListCisScanResultsAggregatedByTargetResourceInput{
				ScanArn: &scan, FilterCriteria: criteria, MaxResults: aws.Int32(cisPage), NextToken: token,
			})
			if err != nil {
				return nil, nil, err
			}
			var all []CISTarget
			for _, a := range out.TargetResourceAggregations {
				t := CISTarget{
					Account: aws.ToString(a.AccountId), Instance: aws.ToString(a.TargetResourceId), Platform: aws.ToString(a.Platform), Status: string(a.TargetStatus), Why: string(a.TargetStatusReason),
				}
				if c := a.StatusCounts; c != nil {
					t.Failed, t.Passed, t.Skipped = int(aws.ToInt32(c.Failed)), int(aws.ToInt32(c.Passed)), int(aws.ToInt32(c.Skipped))
				}
				all = append(all, t)
			}
			return all, out.NextToken, nil
		})
	})
}

// CISTargetEvidence is what the newest scan that looked at an instance says of it.
type CISTargetEvidence struct {
	Scan   string `json:"scan,omitempty"` // "": none looked at it
	Status string `json:"status,omitempty"`
	Why    string `json:"why,omitempty"`
	Failed int    `json:"failed"`
	Passed int    `json:"passed"`
}

// String says it in a sentence.
func (e CISTargetEvidence) String() string {
	switch {
	case e.Scan == "":
		return "No CIS scan that counts looked at the instance: see whether its tags are among those that a scan configuration names."
	case e.Status != cisCompleted:
		return fmt.Sprintf("CIS scan %s did not check the instance: %s.", e.Scan, cmp.Or(e.Why, e.Status))
	}
	return fmt.Sprintf("CIS scan %s found %s failed and %d passed.", e.Scan, plural(e.Failed, "check", "checks"), e.Passed)
}

// instances judges each instance of the inventory by the newest scan within the
// limit that looked at it: configurations scan different instances, so that the
// newest scan of all says nothing of most. With an error those that are not met
// are left out.
func (e CISScanned) instances(ctx context.Context, c posture.Control, inventory []Asset, scans []CISScan) (fs []posture.Finding, err error) {
	r, met := e.Region, map[string]CISTargetEvidence{}
	unmet := map[string]bool{}
	for _, a := range inventory {
		unmet[a.id()] = true
	}
	for _, s := range scans { // the newest first
		if len(unmet) == 0 || err != nil {
			break
		}
		if !e.counts(s) || r.now().Sub(s.Time) > e.within() {
			continue
		}
		var targets []CISTarget
		targets, err = r.CISTargets(ctx, s.ARN)
		for _, t := range targets {
			if id := assetID(TypeInstance, t.Instance); unmet[id] {
				delete(unmet, id)
				met[id] = CISTargetEvidence{s.Name, t.Status, t.Why, t.Failed, t.Passed}
			}
		}
	}
	var stopped map[string]string
	if len(unmet) > 0 && err == nil {
		stopped, err = r.stopped(ctx)
	}
	for _, a := range inventory {
		at, id := r.place.Resource(TypeInstance, a.id(), a.ARN), a.id()
		switch seen, ok := met[id]; {
		case ok:
			fs = append(fs, e.judge(c, at, seen))
		case stopped[id] != "":
			fs = append(fs, c.NotApplicable(at, stopped[id]))
		case err == nil:
			fs = append(fs, c.Fail(at, seen))
		}
	}
	return fs, err
}

func (e CISScanned) judge(c posture.Control, at posture.Resource, seen CISTargetEvidence) posture.Finding {
	unknown := func(kind posture.CauseKind, why string) posture.Finding {
		return c.Unknown(at, &posture.Cause{Kind: kind, Operation: "Inspector2:ListCisScanResultsAggregatedByTargetResource", Message: why})
	}
	switch {
	case seen.Why == string(types.CisTargetStatusReasonUnsupportedOs):
		return c.NotApplicable(at, "No CIS benchmark that Inspector has is for the instance's operating system.")
	case seen.Why == string(types.CisTargetStatusReasonScanInProgress):
		return unknown(posture.CauseNotReady, seen.String())
	case seen.Status == cisCompleted && seen.Failed+seen.Passed == 0:
		return unknown(posture.CauseMalformed, "CIS scan "+seen.Scan+" is completed for the instance, and counts no check as passed or failed")
	case seen.Status == cisCompleted && seen.Failed <= e.MayFail:
		return c.Pass(at, seen)
	}
	return c.Fail(at, seen)
}

// stopped tells of the instances that do not run, by id, in a sentence.
func (r *Region) stopped(ctx context.Context) (map[string]string, error) {
	rows, err := r.Coverage(ctx)
	all := map[string]string{}
	for _, row := range rows {
		if e := Explain(row.Reason); row.Type == TypeInstance && e.Verdict == NotRunning {
			all[assetID(row.Type, row.ID)] = e.Means
		}
	}
	return all, err
}
