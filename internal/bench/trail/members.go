package trail

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// identity writes the caller and returns the service that called, or "".
func (g *Generator) identity(acct string, when time.Time, set func(string)) string {
	role := g.roles[int(float64(len(g.roles))*math.Pow(g.r.Float64(), 2))]
	created := when.Truncate(time.Hour).Format(time.RFC3339)
	p := g.r.Float64()
	switch {
	case p < .62:
		n := g.r.IntN(60)
		set(fmt.Sprintf(`{"type":"AssumedRole","principalId":"AROA%016X:session-%d","arn":"arn:aws:sts::%s:assumed-role/%s/session-%d","accountId":"%s","accessKeyId":"ASIA%016X","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROA%016X","arn":"arn:aws:iam::%s:role/%s","accountId":"%s","userName":"%s"},"attributes":{"creationDate":"%s","mfaAuthenticated":"false"}}}`,
			len(role)*7919, n, acct, role, n, acct, n*104729+len(role), len(role)*7919, acct, role, acct, role, created))
	case p < .84:
		svc := []string{"ec2", "lambda", "config", "ecs-tasks", "autoscaling", "cloudformation"}[g.r.IntN(6)] + ".amazonaws.com"
		set(`{"type":"AWSService","invokedBy":"` + svc + `"}`)
		return svc
	case p < .96:
		u := g.r.IntN(80)
		set(fmt.Sprintf(`{"type":"IAMUser","principalId":"AIDA%016X","arn":"arn:aws:iam::%s:user/person-%d","accountId":"%s","accessKeyId":"AKIA%016X","userName":"person-%d"}`, u, acct, u, acct, u, u))
	case p < .98:
		set(fmt.Sprintf(`{"type":"AWSAccount","principalId":"AROA%016X:x","accountId":"%s"}`, g.r.IntN(100), acct))
	case p < .985:
		set(fmt.Sprintf(`{"type":"IdentityCenterUser","accountId":"%s","onBehalfOf":{"userId":"%s","identityStoreArn":"arn:aws:identitystore::%s:identitystore/d-1"},"credentialId":"%s"}`, acct, g.guid(), acct, g.hex(32)))
	case p < .99:
		set(`{"type":"SAMLUser","principalId":"x:ann@example.com","userName":"ann@example.com","identityProvider":"x"}`)
	case p < .9995:
		set(fmt.Sprintf(`{"accountId":"%s","invokedBy":"internal.amazonaws.com"}`, acct))
	default:
		set(fmt.Sprintf(`{"type":"Root","principalId":"%s","arn":"arn:aws:iam::%s:root","accountId":"%s"}`, acct, acct, acct))
	}
	return ""
}

// params writes request parameters, with the tail of large ones.
func (g *Generator) params(c call, acct, region string) string {
	switch x := g.r.IntN(50_000); {
	case x == 0: // padded to the largest record there is
		return `{"policyDocument":"` + strings.Repeat(`{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\"},`, 255_000/48) + `"}`
	case x < 50:
		return `{"template":"` + strings.Repeat("Resources: example\\n", 1000+g.r.IntN(4000)) + `"}`
	case x < 5000: // text with escapes
		return fmt.Sprintf(`{"name":"thing-%s","description":"first line\nsecond \"line\" – ünïcode","tags":[{"key":"team","value":"t%d"}]}`, g.hex(8), g.r.IntN(20))
	}
	switch strings.TrimSuffix(c.source, ".amazonaws.com") {
	case "s3":
		return fmt.Sprintf(`{"bucketName":"example-bucket-%d","Host":"example-bucket-%d.s3.%s.amazonaws.com","key":"data/year=2026/month=03/part-%s.parquet"}`, g.r.IntN(90), g.r.IntN(90), region, g.hex(24))
	case "kms":
		return fmt.Sprintf(`{"encryptionAlgorithm":"SYMMETRIC_DEFAULT","keyId":"arn:aws:kms:%s:%s:key/%s","encryptionContext":{"aws:s3:arn":"arn:aws:s3:::example-bucket-%d","SecretARN":"arn:aws:secretsmanager:%s:%s:secret:x"}}`, region, acct, g.guid(), g.r.IntN(90), region, acct)
	case "sts":
		return fmt.Sprintf(`{"roleArn":"arn:aws:iam::%s:role/%s","roleSessionName":"session-%d","durationSeconds":3600}`, acct, g.roles[g.r.IntN(len(g.roles))], g.r.IntN(60))
	case "ec2":
		var items []string
		for range 1 + g.r.IntN(5) {
			items = append(items, `{"instanceId":"i-0`+g.hex(16)+`"}`)
		}
		return `{"maxResults":1000,"instancesSet":{"items":[` + strings.Join(items, ",") + `]},"filterSet":{"items":[{"name":"instance-state-name","valueSet":{"items":[{"value":"running"}]}}]}}`
	case "dynamodb":
		return fmt.Sprintf(`{"tableName":"example-table-%d","key":{"id":"%s"},"consistentRead":false,"returnConsumedCapacity":"NONE"}`, g.r.IntN(40), g.hex(16))
	}
	if c.read {
		return `null`
	}
	return fmt.Sprintf(`{"name":"thing-%s","resourceArn":"arn:aws:example:%s:%s:thing/%s","configuration":{"enabled":true,"retention":%d,"mode":"STANDARD"}}`, g.hex(8), region, acct, g.hex(8), g.r.IntN(400))
}
