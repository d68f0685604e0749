package suite

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsarn "github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/awsposture/posture"
)

// Role is the role that a scan assumes in each account. See "AssumeRole" in the
// AWS Security Token Service API Reference.
type Role struct {
	Name           string // with its path, if it has one: "audit/posture"
	ExternalID     string // that the role's trust policy asks for; "" sends none
	SessionName    string // how the accounts' trails name the scan; default "posture"
	SourceIdentity string // who is behind the scan, for the trails; "" sends none

	// Duration is how long a session lasts. Default 1 hour; from 15 minutes to the
	// role's maximum. A session assumed from another role's session lasts at most an
	// hour, whatever is asked. It is renewed from the base credentials five minutes
	// before it ends, so a scan may last longer than a session.
	Duration time.Duration
}

const (
	chainedMost = time.Hour       // the longest session that AWS gives to the session of a role
	renewBefore = 5 * time.Minute // a session ends
)

// arn is the role's ARN in an account.
func (r Role) arn(p posture.Place) string {
	p.Region = ""
	return p.ARN("iam", "role/"+strings.Trim(r.Name, "/"))
}

// assume gives the credentials of the role in the account at p, from those of
// base, which are asked anew whenever a session is about to end.
func (r Role) assume(base aws.Config, chained bool, p posture.Place) aws.CredentialsProvider {
	lasts := r.Duration
	if lasts <= 0 {
		lasts = time.Hour
	}
	if chained {
		lasts = min(lasts, chainedMost)
	}
	in := &sts.AssumeRoleInput{RoleArn: aws.String(r.arn(p)), RoleSessionName: aws.String(cmp.Or(r.SessionName, "posture")), DurationSeconds: aws.Int32(int32(lasts / time.Second))}
	if r.ExternalID != "" {
		in.ExternalId = &r.ExternalID
	}
	if r.SourceIdentity != "" {
		in.SourceIdentity = &r.SourceIdentity
	}
	api := stsClient(base)
	return aws.NewCredentialsCache(aws.CredentialsProviderFunc(func(ctx context.Context) (aws.Credentials, error) {
		out, err := api.AssumeRole(ctx, in)
		if err != nil {
			return aws.Credentials{}, err
		}
		c := out.Credentials
		if c == nil || c.AccessKeyId == nil || c.SecretAccessKey == nil || c.SessionToken == nil || c.Expiration == nil {
			return aws.Credentials{}, &posture.Cause{Kind: posture.CauseMalformed, Operation: "STS:AssumeRole", Message: "the answer has no whole credentials"}
		}
		return aws.Credentials{
			AccessKeyID: *c.AccessKeyId, SecretAccessKey: *c.SecretAccessKey, SessionToken: *c.SessionToken,
			CanExpire: true, Expires: *c.Expiration, Source: "posture",
		}, nil
	}), func(o *aws.CredentialsCacheOptions) { o.ExpiryWindow = renewBefore })
}

// stsClient makes a client of STS in the region of cfg, us-east-1 if it has none.
// The sessions of a region's own endpoint are good in regions that are not
// enabled by default too.
func stsClient(cfg aws.Config) *sts.Client {
	return sts.NewFromConfig(cfg, func(o *sts.Options) {
		if o.Region == "" {
			o.Region = "us-east-1"
		}
	})
}

// Caller gives the partition and account that the credentials of cfg belong to.
// It needs no permission.
func Caller(ctx context.Context, cfg aws.Config) (posture.Place, error) {
	c, err := identify(ctx, cfg)
	return c.Place, err
}

// caller is who signs the calls of a configuration.
type caller struct {
	posture.Place
	chained bool // the session of a role: what it assumes is a chained session
}

func identify(ctx context.Context, cfg aws.Config) (caller, error) {
	out, err := stsClient(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return caller{}, err
	}
	arn, err := awsarn.Parse(aws.ToString(out.Arn))
	if err != nil || !accountID().MatchString(arn.AccountID) {
		return caller{}, &posture.Cause{Kind: posture.CauseMalformed, Operation: "STS:GetCallerIdentity", Message: fmt.Sprintf("the caller came as %q", aws.ToString(out.Arn))}
	}
	return caller{posture.Place{Partition: arn.Partition, Account: arn.AccountID}, strings.HasPrefix(arn.Resource, "assumed-role/")}, nil
}
