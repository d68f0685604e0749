package timeline

import (
	"slices"
	"strings"

	"github.com/awsposture/posture/detective/trail"
)

// named are the request and response members that name the resource of a call.
var named = paths(
	"requestParameters.bucketName", "requestParameters.keyId", "requestParameters.roleName", "requestParameters.userName", "requestParameters.groupName",
	"requestParameters.policyArn", "requestParameters.groupId", "requestParameters.instanceId", "requestParameters.instancesSet.items.instanceId",
	"requestParameters.functionName", "requestParameters.name", "requestParameters.trailName", "requestParameters.topicArn", "requestParameters.queueUrl",
	"requestParameters.secretId", "requestParameters.tableName", "requestParameters.dBInstanceIdentifier", "requestParameters.dBClusterIdentifier",
	"requestParameters.snapshotId", "requestParameters.imageId", "requestParameters.volumeId", "requestParameters.vpcId", "requestParameters.roleArn",
	"requestParameters.resourceArn", "requestParameters.detectorId", "requestParameters.logGroupName", "requestParameters.alarmName", "requestParameters.stackName",
	"requestParameters.accessKeyId", "requestParameters.webACLArn", "requestParameters.targetKeyId", "requestParameters.instanceProfileName",
	"responseElements.instancesSet.items.instanceId", "responseElements.groupId", "responseElements.role.arn", "responseElements.user.arn",
	"responseElements.accessKey.accessKeyId", "responseElements.keyMetadata.arn", "responseElements.policy.arn", "responseElements.trailARN",
	"responseElements.assumedRoleUser.arn", "responseElements.credentials.accessKeyId",
)

func paths(texts ...string) (ps []trail.Path) {
	for _, t := range texts {
		ps = append(ps, trail.P(t))
	}
	return ps
}

// resources lists what the event is about: the record's own resources, then
// the names in its parameters.
func resources(e *trail.Event) []string {
	var out []string
	add := func(s string) {
		if s != "" && !slices.ContainsFunc(out, func(o string) bool { return sameResource(o, s) }) {
			out = append(out, s)
		}
	}
	for _, r := range e.Resources() {
		add(r.ARN)
	}
	for i := range named {
		for _, v := range e.AppendValues(nil, &named[i]) {
			if v.Kind() == trail.KindString {
				add(v.Text())
			}
		}
	}
	return out
}

// sameResource compares ARNs and bare names: a name is the last part of its
// ARN. An object is not its bucket.
func sameResource(a, b string) bool {
	if a == b {
		return true
	}
	arnA, arnB := strings.HasPrefix(a, "arn:"), strings.HasPrefix(b, "arn:")
	switch {
	case arnA == arnB:
		return false
	case arnB:
		a, b = b, a
	}
	return b != "" && (strings.HasSuffix(a, ":"+b) || strings.HasSuffix(a, "/"+b) && !strings.HasPrefix(a, "arn:aws:s3:::"))
}

// secret are the members whose values are never printed.
var secret = map[string]bool{
	"sessiontoken": true, "secretaccesskey": true, "password": true, "newpassword": true, "oldpassword": true, "masteruserpassword": true,
	"userdata": true, "plaintext": true, "secretstring": true, "secretbinary": true, "privatekey": true, "token": true, "accesstoken": true,
	"refreshtoken": true, "clientsecret": true, "authtoken": true, "samlassertion": true, "webidentitytoken": true, "authparameters": true, "environment": true,
}

const maxSummary = 400

// summary prints a request in short and without secrets.
func summary(v trail.Value) string {
	if v.Kind() != trail.KindObject {
		return ""
	}
	b := redact(nil, v, false)
	if len(b) > maxSummary {
		n := maxSummary
		for n > 0 && b[n]&0xc0 == 0x80 { // not inside a character
			n--
		}
		return string(b[:n]) + "…"
	}
	return string(b)
}

func redact(dst []byte, v trail.Value, hide bool) []byte {
	switch v.Kind() {
	case trail.KindObject:
		dst = append(dst, '{')
		n := len(dst)
		for k, m := range v.Members {
			if len(dst) > n {
				dst = append(dst, ' ')
			}
			key := k.String()
			dst = append(append(dst, key...), '=')
			dst = redact(dst, m, hide || secret[strings.ToLower(key)])
		}
		return append(dst, '}')
	case trail.KindArray:
		dst = append(dst, '[')
		n := len(dst)
		for el := range v.Elements {
			if len(dst) > n {
				dst = append(dst, ' ')
			}
			dst = redact(dst, el, hide)
		}
		return append(dst, ']')
	case trail.KindNull:
		return append(dst, "null"...)
	case trail.KindString:
		t := v.Text()
		if hide || looksSecret(t) {
			return append(dst, "(hidden)"...)
		}
		return append(dst, printable(t)...)
	}
	if hide {
		return append(dst, "(hidden)"...)
	}
	return v.AppendText(dst)
}

// looksSecret is true of forty characters that could be a secret access key,
// and of private keys.
func looksSecret(s string) bool {
	if strings.Contains(s, "PRIVATE KEY-----") {
		return true
	}
	if len(s) != 40 {
		return false
	}
	var upper, lower, digit bool
	for _, c := range s {
		switch {
		case c >= 'A' && c <= 'Z':
			upper = true
		case c >= 'a' && c <= 'z':
			lower = true
		case c >= '0' && c <= '9':
			digit = true
		case c != '/' && c != '+':
			return false
		}
	}
	return upper && lower && digit
}

// printable keeps a terminal safe from what callers put into parameters.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return '?'
		}
		return r
	}, s)
}
