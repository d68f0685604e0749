package policy

import (
	"unicode/utf8"
)

// LimitsDate is the day on which the limits below were looked up.
const LimitsDate = "2026-09-26"

// SizeLimit returns how large a policy of the kind may be, in AWS's way of
// counting as [Document.Size] does it; 0 when there is no single limit.
// service is the owner of a resource policy, such as "s3".
//
// The limit of an identity policy is that of a managed one. Inline policies
// of one user, group or role together have 2,048, 5,120 and 10,240 characters.
// Trust policies have 2,048 characters unless AWS raised it, up to 8,192.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
func SizeLimit(k Kind, service string) int {
	switch k {
	case Identity, Boundary:
		return 6144
	case Session, Trust:
		return 2048
	case SCP:
		return 10240
	case RCP:
		return 5120
	case Endpoint:
		return 20480
	}
	switch service {
	case "s3", "dynamodb":
		return 20480
	case "kms":
		return 32768
	case "sqs":
		return 8192
	}
	return 0
}

// Size returns the size of the policy as AWS counts it: characters, without
// white space outside strings for what IAM stores and for S3 (which keeps a
// normalized form), and with it for SCPs, RCPs, session and endpoint policies.
// A document without source text is counted in canonical form.
func (d *Document) Size() int {
	text := d.Source
	if text == "" {
		b, _ := d.MarshalJSON()
		text = string(b)
	}
	switch d.Kind {
	case SCP, RCP, Session, Endpoint:
		return utf8.RuneCountInString(text)
	}
	n, quoted, escaped := 0, false, false
	for _, c := range text {
		switch {
		case escaped:
			escaped = false
		case quoted && c == '\\':
			escaped = true
		case c == '"':
			quoted = !quoted
		case !quoted && (c == ' ' || c == '\t' || c == '\n' || c == '\r'):
			continue
		}
		n++
	}
	return n
}
