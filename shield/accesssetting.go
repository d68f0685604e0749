package shield

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/shield"

	"github.com/awsposture/posture"
)

// TeamRole is the ARN of the response team's role; "" is none.
type TeamRole string

// TeamRoleSetting is the setting of the response team's role. It implements
// posture.Setting[TeamRole].
type TeamRoleSetting struct {
	Account *Account `json:"-"`
	Writer  Writer   `json:"-"`
}

// Kind implements posture.Setting. Who associates a role needs to pass it.
func (s TeamRoleSetting) Kind() posture.Kind {
	return posture.Kind{
		Name: "shield.srt-role", Reads: actions("DescribeDRTAccess"),
		Writes: append(actions("AssociateDRTRole", "DisassociateDRTRole"), "iam:GetRole", "iam:ListAttachedRolePolicies", "iam:PassRole"), Settle: settle,
	}
}

// Target implements posture.Setting.
func (s TeamRoleSetting) Target() posture.Resource { return s.Account.accessResource() }

// Get implements posture.Setting.
func (s TeamRoleSetting) Get(ctx context.Context) (TeamRole, error) {
	access, err := readAccess(ctx, s.Account.api)
	return TeamRole(access.RoleARN), err
}

// Set implements posture.Setting.
func (s TeamRoleSetting) Set(ctx context.Context, want TeamRole) error {
	if want == "" {
		_, err := s.Writer.DisassociateDRTRole(ctx, &shield.DisassociateDRTRoleInput{})
		return err
	}
	arn := string(want)
	_, err := s.Writer.AssociateDRTRole(ctx, &shield.AssociateDRTRoleInput{RoleArn: &arn})
	return err
}

// GiveTeamRole plans to give the Shield Response Team a role that the caller made
// for it.
type GiveTeamRole struct {
	Account *Account
	Writer  Writer
	RoleARN string
}

// Controls implements posture.Remediator.
func (r GiveTeamRole) Controls() []string { return []string{"shield.srt-access"} }

// Place implements posture.Remediator.
func (r GiveTeamRole) Place() posture.Place { return r.Account.Place() }

// Plan implements posture.Remediator. A role that would not do is refused.
func (r GiveTeamRole) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	target, err := targetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	a := r.Account
	active, err := a.toPlan(ctx, target)
	if err != nil || !active {
		return a.newPlan(fs), err
	}
	setting := TeamRoleSetting{Account: a, Writer: r.Writer}
	is, err := setting.Get(ctx)
	switch {
	case err != nil:
		return posture.Plan{}, unreadable(target, err)
	case r.RoleARN == "":
		return posture.Plan{}, choose("no role is given for the Shield Response Team")
	case a.Role == nil:
		return posture.Plan{}, choose("whether role " + r.RoleARN + " would do is not known: shield.Account.Role was not provided")
	}
	role, err := a.Role(ctx, r.RoleARN)
	if err != nil {
		return posture.Plan{}, unreadable(target, err)
	}
	if !role.Exists || !role.Policy || !role.Trust || !role.SourceAccount {
		return posture.Plan{}, choose("role " + r.RoleARN + " needs AWSShieldDRTAccessPolicy and a trust of drt.shield.amazonaws.com under a condition on aws:SourceAccount")
	}
	if string(is) == r.RoleARN {
		return a.newPlan(fs), nil
	}
	step, err := posture.Change(setting, is, TeamRole(r.RoleARN))
	p := a.newPlan(fs, step)
	p.Risk = posture.RiskMedium // AWS staff may then change web ACLs
	return p, err
}

// SharedBucket is whether the response team can read a bucket.
type SharedBucket string

// The states.
const (
	NotShared SharedBucket = "not-shared"
	Shared    SharedBucket = "shared"
)

// LogBucketSetting is the setting of whether the response team can read a bucket
// of logs. It implements posture.Setting[SharedBucket].
type LogBucketSetting struct {
	Account *Account `json:"-"`
	Writer  Writer   `json:"-"`
	Bucket  string   `json:"bucket"`
}

// Kind implements posture.Setting. Shield edits the bucket's policy with the
// caller's rights.
func (s LogBucketSetting) Kind() posture.Kind {
	return posture.Kind{
		Name: "shield.srt-log-bucket", Reads: actions("DescribeDRTAccess"),
		Writes: append(actions("AssociateDRTLogBucket", "DisassociateDRTLogBucket"), "s3:GetBucketPolicy", "s3:PutBucketPolicy"), Settle: settle,
	}
}

// Target implements posture.Setting.
func (s LogBucketSetting) Target() posture.Resource {
	return s.Account.place.Resource("AWS::S3::Bucket", s.Bucket, "arn:"+s.Account.place.Partition+":s3:::"+s.Bucket)
}

// Get implements posture.Setting.
func (s LogBucketSetting) Get(ctx context.Context) (SharedBucket, error) {
	access, err := readAccess(ctx, s.Account.api)
	if slices.Contains(access.Buckets, s.Bucket) {
		return Shared, err
	}
	return NotShared, err
}

// Set implements posture.Setting.
func (s LogBucketSetting) Set(ctx context.Context, want SharedBucket) error {
	is, err := s.Get(ctx)
	switch {
	case err != nil || is == want:
		return err
	case want == Shared:
		_, err = s.Writer.AssociateDRTLogBucket(ctx, &shield.AssociateDRTLogBucketInput{LogBucket: &s.Bucket})
	default:
		_, err = s.Writer.DisassociateDRTLogBucket(ctx, &shield.DisassociateDRTLogBucketInput{LogBucket: &s.Bucket})
	}
	return err
}

// ShareLogs plans to let the Shield Response Team read the buckets of logs.
type ShareLogs struct {
	Account *Account
	Writer  Writer
}

// mostBuckets is how many buckets the team can be given.
const mostBuckets = 10

// Controls implements posture.Remediator.
func (r ShareLogs) Controls() []string { return []string{"shield.srt-log-buckets"} }

// Place implements posture.Remediator.
func (r ShareLogs) Place() posture.Place { return r.Account.Place() }

// Plan implements posture.Remediator. Without a role it is refused, as Shield
// would refuse it.
func (r ShareLogs) Plan(ctx context.Context, fs ...posture.Finding) (posture.Plan, error) {
	target, err := targetOf(r, fs)
	if err != nil {
		return posture.Plan{}, err
	}
	a := r.Account
	active, err := a.toPlan(ctx, target)
	if err != nil || !active {
		return a.newPlan(fs), err
	}
	access, err := readAccess(ctx, a.api)
	if err != nil {
		return posture.Plan{}, unreadable(target, err)
	}
	if access.RoleARN == "" {
		return posture.Plan{}, choose("the Shield Response Team needs its role first")
	}
	logs, err := a.LogBuckets.Get(ctx, "shield.Account.LogBuckets")
	if err != nil {
		return posture.Plan{}, unreadable(target, err)
	}
	var steps []posture.Step
	for _, b := range logs {
		if slices.Contains(access.Buckets, b) {
			return a.newPlan(fs), nil
		}
		if len(access.Buckets)+len(steps) == mostBuckets {
			break
		}
		step, err := posture.Change(LogBucketSetting{Account: a, Writer: r.Writer, Bucket: b}, NotShared, Shared)
		if err != nil {
			return posture.Plan{}, err
		}
		steps = append(steps, step)
	}
	p := a.newPlan(fs, steps...)
	p.Risk = posture.RiskMedium // it edits bucket policies
	return p, nil
}
