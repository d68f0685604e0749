package advisor

import (
	"strings"

	"github.com/awsposture/posture"
)

// The checks on buckets that are recomputed by functions of this file.
const (
	CheckBucketPermissions = "Pfx0RwqBli"
	CheckBucketLogging     = "c1fd6b96l4"
)

// BlockFact is the four settings of S3 Block Public Access.
type BlockFact struct{ BlockACLs, IgnoreACLs, BlockPolicy, RestrictBuckets bool }

func (b BlockFact) or(o BlockFact) BlockFact {
	return BlockFact{b.BlockACLs || o.BlockACLs, b.IgnoreACLs || o.IgnoreACLs, b.BlockPolicy || o.BlockPolicy, b.RestrictBuckets || o.RestrictBuckets}
}

// BucketFact is who may use a bucket.
type BucketFact struct {
	Bucket       posture.Resource
	PublicACL    bool      // its ACL lets everybody, or every AWS user, list or write
	PublicPolicy bool      // its policy is public, as S3 says
	Block        BlockFact // the bucket's own settings
	Unread       string    // why some of this could not be read, "" where it was
}

// BucketPermissions recomputes "Amazon S3 Bucket Permissions". The account's
// settings count as well as the bucket's. What is public and not stopped is red,
// and so is what could not be read, as the check has it. A public policy that
// RestrictPublicBuckets contains is yellow, and so is a bucket that is not public
// and does not have all four settings. Grants of an ACL do not count when
// IgnorePublicAcls is on.
func BucketPermissions(buckets []BucketFact, account BlockFact) []Row {
	rows := make([]Row, 0, len(buckets))
	for _, b := range buckets {
		block := b.Block.or(account)
		row := Row{Resource: b.Bucket, Colour: Green, Reason: "It is not public, and all four settings that block public access are on."}
		switch {
		case b.Unread != "":
			row.Colour, row.Reason = Red, "Who may use it could not be read: "+b.Unread+"."
		case b.PublicACL && !block.IgnoreACLs:
			row.Colour, row.Reason = Red, "Its ACL lets everybody list or write."
		case b.PublicPolicy && !block.RestrictBuckets:
			row.Colour, row.Reason = Red, "Its policy is public."
		case b.PublicPolicy:
			row.Colour, row.Reason = Yellow, "Its policy is public, and RestrictPublicBuckets contains that."
		case block != BlockFact{true, true, true, true}:
			row.Colour, row.Reason = Yellow, "It is not public, but not all four settings that block public access are on."
		}
		rows = append(rows, row)
	}
	return rows
}

// LoggingFact is where a bucket logs to.
type LoggingFact struct {
	Bucket posture.Resource
	On     bool
	Target TargetState
}

// TargetState is what is known of the bucket that logs go to.
type TargetState string

// The states of a target.
const (
	TargetValid      TargetState = "valid"      // it exists and is the account's own
	TargetMissing    TargetState = "missing"    // there is no such bucket
	TargetForeign    TargetState = "foreign"    // another account owns it
	TargetUnreadable TargetState = "unreadable" // it could not be looked at
)

// BucketLogging recomputes "Amazon S3 Access Logs Enabled": a target that is
// missing or another account's is red; no logging, or a target that cannot be
// looked at, is yellow. Whether S3 may write to the target is not examined.
func BucketLogging(buckets []LoggingFact) []Row {
	rows := make([]Row, 0, len(buckets))
	for _, b := range buckets {
		row := Row{Resource: b.Bucket, Colour: Yellow, Reason: "It does not log who uses it."}
		switch {
		case !b.On:
		case b.Target == TargetValid:
			row.Colour, row.Reason = Green, "It logs who uses it."
		case b.Target == TargetMissing:
			row.Colour, row.Reason = Red, "The bucket that its logs go to does not exist."
		case b.Target == TargetForeign:
			row.Colour, row.Reason = Red, "The bucket that its logs go to is another account's."
		default:
			row.Reason = "The bucket that its logs go to could not be looked at."
		}
		rows = append(rows, row)
	}
	return rows
}

// isBucketHost gives the bucket that a host name of S3 names, ok false where it is
// no such name: bucket.s3.amazonaws.com, bucket.s3-eu-west-1.amazonaws.com,
// bucket.s3-website.eu-west-1.amazonaws.com and the like. A bucket's name may have
// dots in it.
func isBucketHost(host string) (bucket string, ok bool) {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	rest, ok := strings.CutSuffix(host, ".amazonaws.com")
	if !ok {
		if rest, ok = strings.CutSuffix(host, ".amazonaws.com.cn"); !ok {
			return "", false
		}
	}
	for _, mark := range []string{".s3.", ".s3-"} {
		if i := strings.LastIndex(rest, mark); i > 0 {
			return rest[:i], true
		}
	}
	return strings.CutSuffix(rest, ".s3")
}
