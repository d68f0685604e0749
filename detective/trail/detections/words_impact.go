package detections

import (
	"net/url"
	"slices"
	"strings"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

// The words of the conditions on data that leaves, and on what is destroyed.

// networkChanges are the calls that change which way packets go.
const networkChanges = "CreateDefaultVpc CreateVpc DeleteVpc CreateRoute ReplaceRoute DeleteRoute DeleteRouteTable CreateInternetGateway AttachInternetGateway DetachInternetGateway DeleteNetworkAcl CreateNetworkAclEntry ReplaceNetworkAclEntry CreateCustomerGateway CreateVpcPeeringConnection AcceptVpcPeeringConnection CreateTransitGatewayVpcAttachment"

// defaultKey is the key that a bucket encrypts with.
const defaultKey = "ServerSideEncryptionConfiguration.Rule.ApplyServerSideEncryptionByDefault.KMSMasterKeyID"

// otherOrganization is true of the ARN of an organization or of a unit that is
// not ours, by the management account in it; of any, when no account is known.
func (p *Params) otherOrganization(paths ...string) rule.Expr {
	if len(p.accounts()) > 0 {
		return p.outside(paths...)
	}
	var xs rule.Or
	for _, path := range paths {
		xs = append(xs, rule.Has(path))
	}
	return xs
}

// differs is true when a value at path is not that at other.
func differs(path, other string) rule.Expr {
	return &rule.Atom{Path: trail.P(path), Op: rule.OpField, Rel: rule.OpIn, Other: trail.P(other), Neg: true, Kinds: rule.Scalars}
}

// fromElsewhere is true of an ARN of another region than that of the call.
func fromElsewhere(path string) rule.Expr {
	return rule.All(rule.Prefix(path, "arn:"),
		&rule.Atom{Path: trail.P(path), Op: rule.OpField, Rel: rule.OpContains, Other: trail.P("awsRegion"), Neg: true, Kinds: rule.Scalars})
}

// offOrAbsent is true of a boolean that is false, be it by default.
func offOrAbsent(path string) rule.Expr { return rule.AnyOf(off(path), rule.Absent(path)) }

// large is true of instance types with accelerators, with 32 and more virtual
// processors, and of whole machines. See
// https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-types.html
func large(path string) rule.Expr {
	return rule.Regexp(path, `^(p[0-9]|gr?[0-9]|inf|trn|dl|f[0-9]|vt)`, `\.([89]|[1-9][0-9]+)xlarge$|\.metal`)
}

// roleNames are the names of roles given by name or ARN.
func roleNames(roles []string) []string {
	var out []string
	for _, r := range roles {
		out = append(out, r[strings.LastIndexByte(r, '/')+1:])
	}
	return out
}

// toOtherBucket makes an export critical that goes to a bucket which is not
// ours. The calls name it s3Bucket or Bucket, some below a member of the call's
// own name.
func (p *Params) toOtherBucket(e *trail.Event) string {
	if len(p.OwnBuckets) > 0 && p.otherBucket(e.Request()) {
		return "critical"
	}
	return ""
}

func (p *Params) otherBucket(v trail.Value) bool {
	for k, m := range v.Members {
		name := strings.ToLower(k.String())
		if m.Kind() == trail.KindString && (name == "s3bucket" || name == "bucket") && !slices.Contains(p.OwnBuckets, m.Text()) {
			return true
		}
		if m.Kind() == trail.KindObject && p.otherBucket(m) {
			return true
		}
	}
	return false
}

// extorted makes an encrypted object critical that is written over itself, or
// that has the name of a demand for ransom.
func extorted(e *trail.Event) string {
	r := e.Request()
	key := r.Member("key").Text()
	for source := range r.Member("x-amz-copy-source").Elements {
		from, _, _ := strings.Cut(source.Text(), "?")
		if s, err := url.PathUnescape(from); err == nil {
			from = s
		}
		if strings.TrimPrefix(from, "/") == r.Member("bucketName").Text()+"/"+key {
			return "critical"
		}
	}
	name := strings.ToLower(key)
	if !strings.HasSuffix(name, ".txt") && !strings.HasSuffix(name, ".html") {
		return ""
	}
	for _, word := range []string{"readme", "recover", "decrypt"} {
		if strings.Contains(name, word) {
			return "critical"
		}
	}
	return ""
}
