package main

import (
	"fmt"
	"time"
)

// story is the morning, in the order in which things happened.
func story() []*record {
	day := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	at := func(h, min, sec int) time.Time {
		return day.Add(time.Duration(h)*time.Hour + time.Duration(min)*minute + time.Duration(sec)*time.Second)
	}
	const (
		office = "203.0.113.10"
		away   = "198.51.100.77"
		cli    = "aws-cli/2.31.4 md/awscrt#0.27.6 ua/2.1 os/linux#6.8.0 md/arch#x86_64 lang/python#3.13.7"
		boto   = "Boto3/1.40.30 md/Botocore#1.40.30 ua/2.1 os/linux#6.8.0 lang/python#3.12.3"
		stray  = "aws-cli/2.27.1 md/awscrt#0.26.1 ua/2.1 os/linux#6.12.0-kali md/arch#x86_64 lang/python#3.13.2"
		key    = "AKIAEXAMPLEBUILDBOT1"
	)
	var out []*record
	add := func(es ...*record) { out = append(out, es...) }

	// What happens every morning.
	bot := user("build-bot", key, "203.0.113.20", boto)
	e, deploy := bot.assume(at(7, 30, 2), "orchard-deploy", "pipeline-4711", "ASIAEXAMPLEPIPELINE1")
	add(e,
		deploy.read(at(7, 30, 9), "cloudformation", "DescribeStacks", m{"stackName": "orchard-web"}),
		deploy.call(at(7, 31, 0), "lambda", "UpdateFunctionCode20150331v2", m{"functionName": "orchard-orders", "s3Bucket": "example-orchard-artifacts", "s3Key": "orders-4711.zip"}, m{"functionName": "orchard-orders"}),
	)
	web := session("orchard-web", "i-0e8a3b1e0e8a3b1e0", "ASIAEXAMPLEWEBSERVER", at(6, 2, 0), "10.0.3.17", boto)
	web.identity["sessionContext"].(m)["ec2RoleDelivery"] = "2.0"
	for i := range 6 {
		add(web.object(at(7, 40, 7*i), "example-orchard-assets", fmt.Sprintf("img/apple-%d.jpg", i), 48_000+i))
	}
	ana := caller{m{
		"type": "IdentityCenterUser", "accountId": prod, "principalId": prod, "onBehalfOf": m{"userId": "ana-example", "identityStoreArn": "arn:aws:identitystore::" + prod + ":identitystore/d-example"},
		"credentialId": "example-credential", "userName": "ana@example.com",
	}, office, "Mozilla/5.0 (X11; Linux x86_64) Firefox/147.0"}

	// The key is tried from an address that nobody knows.
	thief := user("build-bot", key, away, stray)
	add(
		thief.read(at(8, 12, 3), "sts", "GetCallerIdentity", nil),
		thief.denied(at(8, 12, 40), "s3", "ListBuckets", nil),
		thief.denied(at(8, 12, 52), "secretsmanager", "ListSecrets", nil),
		thief.read(at(8, 13, 5), "iam", "ListUsers", nil),
		thief.read(at(8, 13, 11), "iam", "ListRoles", nil),
		thief.read(at(8, 13, 30), "iam", "GetAccountAuthorizationDetails", nil),
		thief.denied(at(8, 14, 2), "iam", "CreateUser", m{"userName": "support-helper"}),
	)
	// The build job may become the deploy role, and so may whoever has its key.
	e, climbed := thief.assume(at(8, 15, 20), "orchard-deploy", "pipeline-4712", "ASIAEXAMPLECLIMBED01")
	add(e)
	// To stay: a user of its own with every right, and a key for it.
	const helper = "support-helper"
	add(
		climbed.call(at(8, 16, 8), "iam", "CreateUser", m{"userName": helper}, m{"user": m{"userName": helper, "arn": "arn:aws:iam::" + prod + ":user/" + helper}}),
		climbed.call(at(8, 16, 31), "iam", "AttachUserPolicy", m{"userName": helper, "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}, nil),
		climbed.call(at(8, 16, 55), "iam", "CreateAccessKey", m{"userName": helper}, m{"accessKey": m{"accessKeyId": "AKIAEXAMPLEHELPER001", "status": "Active", "userName": helper}}),
	)
	spare := user(helper, "AKIAEXAMPLEHELPER001", away, stray)
	add(spare.read(at(8, 19, 2), "sts", "GetCallerIdentity", nil))
	// A second way back: another account may take the data role from now on.
	trust := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + dealer + `:root"},"Action":"sts:AssumeRole"}]}`
	add(
		spare.call(at(8, 20, 44), "iam", "UpdateAssumeRolePolicy", m{"roleName": "orchard-data", "policyDocument": trust}, nil),
		spare.call(at(8, 24, 10), "cloudtrail", "StopLogging", m{"name": "arn:aws:cloudtrail:us-east-1:" + prod + ":trail/orchard"}, nil),
		spare.call(at(8, 41, 30), "cloudtrail", "StartLogging", m{"name": "arn:aws:cloudtrail:us-east-1:" + prod + ":trail/orchard"}, nil),
	)
	// To what is worth having.
	e, data := spare.assume(at(8, 42, 5), "orchard-data", "report", "ASIAEXAMPLEDATAROLE1")
	add(e)
	for i := range 8 {
		add(data.object(at(8, 43, 4*i), "example-orchard-customers", fmt.Sprintf("export/2026-02/part-%04d.parquet", i), 190_000_000))
	}
	open := m{"Version": "2012-10-17", "Statement": []any{m{"Effect": "Allow", "Principal": m{"AWS": "arn:aws:iam::" + dealer + ":root"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::example-orchard-customers/*"}}}
	add(data.call(at(8, 45, 12), "s3", "PutBucketPolicy", m{"bucketName": "example-orchard-customers", "bucketPolicy": open}, nil))

	// Somebody of the company sees it.
	add(
		ana.read(at(9, 2, 0), "cloudtrail", "LookupEvents", m{"maxResults": 50}),
		ana.call(at(9, 5, 10), "iam", "UpdateAccessKey", m{"userName": "build-bot", "accessKeyId": key, "status": "Inactive"}, nil),
		ana.call(at(9, 5, 41), "iam", "DeleteAccessKey", m{"userName": helper, "accessKeyId": "AKIAEXAMPLEHELPER001"}, nil),
		ana.call(at(9, 7, 3), "s3", "DeleteBucketPolicy", m{"bucketName": "example-orchard-customers"}, nil),
	)
	return out
}
