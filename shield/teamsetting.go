package shield

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/shield"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/refusal"
)

// TeamRole is the role that the response team may assume; the zero value is none.
type TeamRole struct {
	ARN string `json:"arn,omitempty"`
}

// TeamRoleSetting is the setting of the response team's role. It implements
// posture.Setting[TeamRole]. Associating a role replaces the one before.
type TeamRoleSetting struct {
	Account *Account `json:"-"`
	Writer  Writer   `json:"-"`
}

// Kind implements posture.Setting.
func (s TeamRoleSetting) Kind() posture.Kind {
	return posture.Kind{
		Name: "shield.response-team-role", Reads: actions("DescribeDRTAccess"),
		Writes: append(actions("AssociateDRTRole", "DisassociateDRTRole"), "iam:PassRole"), Access: true, Settle: settle,
	}
}

// Target implements posture.Setting.
func (s TeamRoleSetting) Target() posture.Resource { return s.Account.own(typeAccess) }

// Get implements posture.Setting.
func (s TeamRoleSetting) Get(ctx context.Context) (TeamRole, error) {
	access, err := getAccess(ctx, s.Account.api)
	return TeamRole{access.RoleARN}, err
}

// Set implements posture.Setting.
func (s TeamRoleSetting) Set(ctx context.Context, want TeamRole) (err error) {
	if want.ARN == "" {
		_, err = s.Writer.DisassociateDRTRole(ctx, &shield.DisassociateDRTRoleInput{})
	} else {
		_, err = s.Writer.AssociateDRTRole(ctx, &shield.AssociateDRTRoleInput{RoleArn: &want.ARN})
	}
	return changed(err)
}

// GrantResponseTeam plans to give the response team a role of the caller's
// choice, which must exist, trust the team and have its policy.
type GrantResponseTeam struct {
	Account *Account
	Writer  Writer
	RoleARN string
}

// Controls implements posture.Remediator.
func (r GrantResponseTeam) Controls() []string { return []string{"shield.srt-access"} }

// Place implements posture.Remediator.
func (r GrantResponseTeam) Place() posture.Place { return r.Account.Place() }

// Plan implements posture.Remediator.
func (r GrantResponseTeam) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	a := r.Account
	target, ok, err := a.toPlan(ctx, r, fs)
	if !ok || err != nil {
		return a.planned(fs, err)
	}
	if r.RoleARN == "" {
		return posture.Plan{}, refuse(posture.ReasonNeedsChoice, "the role for the response team was not given")
	}
	role, err := asked(ctx, a, a.Role, r.RoleARN, "the response team's role")
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	if seen := srtRole(r.RoleARN, role); len(seen.Lacks) > 0 {
		return posture.Plan{}, refuse(posture.ReasonNeedsChoice, seen.String()+" Put it right, or give another.")
	}
	access, err := getAccess(ctx, a.api)
	switch {
	case err != nil:
		return posture.Plan{}, refusal.Unreadable(target, err)
	case access.RoleARN == r.RoleARN:
		return a.newPlan(fs), nil
	}
	step, err := posture.Change(TeamRoleSetting{Account: a, Writer: r.Writer}, TeamRole{access.RoleARN}, TeamRole{r.RoleARN})
	p := a.newPlan(fs, step)
	p.Risk = posture.RiskMedium // others come to act in the account
	return p, err
}

// planned is the plan without steps of what there is nothing to plan for, or err.
func (a *Account) planned(fs []posture.Finding, err error) (posture.Plan, error) {
	if err != nil {
		return posture.Plan{}, err
	}
	return a.newPlan(fs), nil
}

// Sharing is whether the response team may read a bucket.
type Sharing string

// Whether the response team may read a bucket.
const (
	BucketShared  Sharing = "shared"
	BucketPrivate Sharing = "private"
)

// LogBucketSetting is the setting of whether the response team may read a bucket.
// It implements posture.Setting[Sharing]. Shield edits the bucket's policy.
type LogBucketSetting struct {
	Account *Account `json:"-"`
	Writer  Writer   `json:"-"`
	Bucket  string   `json:"bucket"`
}

// Kind implements posture.Setting.
func (s LogBucketSetting) Kind() posture.Kind {
	return posture.Kind{
		Name: "shield.log-bucket", Reads: actions("DescribeDRTAccess"),
		Writes: append(actions("AssociateDRTLogBucket", "DisassociateDRTLogBucket"), "s3:GetBucketPolicy", "s3:PutBucketPolicy"), Access: true, Settle: settle,
	}
}

// Target implements posture.Setting.
func (s LogBucketSetting) Target() posture.Resource { return s.Account.own(typeAccess) }

// Touches gives the bucket.
func (s LogBucketSetting) Touches() []posture.Resource {
	p := s.Account.place
	return []posture.Resource{p.Resource("AWS::S3::Bucket", s.Bucket, "arn:"+p.Partition+":s3:::"+s.Bucket)}
}

// Get implements posture.Setting.
func (s LogBucketSetting) Get(ctx context.Context) (Sharing, error) {
	access, err := getAccess(ctx, s.Account.api)
	switch {
	case err != nil:
		return "", err
	case slices.Contains(access.Buckets, s.Bucket):
		return BucketShared, nil
	}
	return BucketPrivate, nil
}

// Set implements posture.Setting.
func (s LogBucketSetting) Set(ctx context.Context, want Sharing) (err error) {
	switch want {
	case BucketShared:
		_, err = s.Writer.AssociateDRTLogBucket(ctx, &shield.AssociateDRTLogBucketInput{LogBucket: &s.Bucket})
	case BucketPrivate:
		_, err = s.Writer.DisassociateDRTLogBucket(ctx, &shield.DisassociateDRTLogBucketInput{LogBucket: &s.Bucket})
	default:
		return fmt.Errorf("shield: bucket %s cannot be made %q", s.Bucket, want)
	}
	return changed(err)
}

// ShareLogBuckets plans to share the buckets with logs of requests with the
// response team, at most 10 in all. The team must have a role first.
type ShareLogBuckets struct {
	Account *Account
	Writer  Writer
}

// Controls implements posture.Remediator.
func (r ShareLogBuckets) Controls() []string { return []string{"shield.srt-log-buckets"} }

// Place implements posture.Remediator.
func (r ShareLogBuckets) Place() posture.Place { return r.Account.Place() }

// Plan implements posture.Remediator.
func (r ShareLogBuckets) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	a := r.Account
	target, ok, err := a.toPlan(ctx, r, fs)
	if !ok || err != nil {
		return a.planned(fs, err)
	}
	access, err := getAccess(ctx, a.api)
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	logs, err := a.LogBuckets.Get(ctx, "the buckets with logs of requests")
	if err != nil {
		return posture.Plan{}, refusal.Unreadable(target, err)
	}
	var steps []posture.Step
	for _, bucket := range slices.Compact(slices.Sorted(slices.Values(logs))) {
		if slices.Contains(access.Buckets, bucket) || len(access.Buckets)+len(steps) >= mostBuckets {
			continue
		}
		step, err := posture.Change(LogBucketSetting{Account: a, Writer: r.Writer, Bucket: bucket}, BucketPrivate, BucketShared)
		if err != nil {
			return posture.Plan{}, err
		}
		steps = append(steps, step)
	}
	switch {
	case len(steps) == 0 && len(logs) > 0 && len(shared(logs, access.Buckets)) == 0:
		return posture.Plan{}, refuse(posture.ReasonNeedsChoice, fmt.Sprintf("%d buckets are shared with the response team, which is the most, and none of them holds logs of requests", len(access.Buckets)))
	case len(steps) > 0 && access.RoleARN == "":
		return posture.Plan{}, refuse(posture.ReasonNotRemediable, "the response team has no role yet; shield.srt-access judges that")
	}
	p := a.newPlan(fs, steps...)
	if len(steps) > 0 {
		p.Risk = posture.RiskMedium
		p.Warnings = []string{"Shield adds a statement for the response team to the policy of each bucket. A policy that is kept as code will take it out again."}
	}
	return p, nil
}
