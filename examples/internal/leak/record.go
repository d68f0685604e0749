package main

import (
	"fmt"
	"time"
)

const minute = time.Minute

const (
	prod   = "111122223333" // Example Orchard's
	dealer = "444455556666" // nobody knows whose
)

// record is a CloudTrail record with its members in CloudTrail's order.
type record struct {
	Version    string         `json:"eventVersion"`
	Identity   map[string]any `json:"userIdentity"`
	Time       string         `json:"eventTime"`
	Source     string         `json:"eventSource"`
	Name       string         `json:"eventName"`
	Region     string         `json:"awsRegion"`
	Address    string         `json:"sourceIPAddress"`
	Agent      string         `json:"userAgent"`
	Code       string         `json:"errorCode,omitempty"`
	Message    string         `json:"errorMessage,omitempty"`
	Request    any            `json:"requestParameters"`
	Response   any            `json:"responseElements"`
	Additional any            `json:"additionalEventData,omitempty"`
	RequestID  string         `json:"requestID"`
	ID         string         `json:"eventID"`
	ReadOnly   bool           `json:"readOnly"`
	Resources  []any          `json:"resources,omitempty"`
	Type       string         `json:"eventType"`
	Management bool           `json:"managementEvent"`
	Recipient  string         `json:"recipientAccountId"`
	Category   string         `json:"eventCategory"`

	at time.Time
}

func (e *record) finish(i int) {
	e.Version, e.Time, e.Recipient = "1.11", e.at.Format(time.RFC3339), prod
	e.ID = fmt.Sprintf("%08x-0000-4000-8000-00000e8a3b1e", i+1)
	e.RequestID = fmt.Sprintf("%08x-1111-4111-8111-00000e8a3b1e", i+1)
	if e.Type == "" {
		e.Type = "AwsApiCall"
	}
	if e.Category == "" {
		e.Category, e.Management = "Management", true
	}
	if e.Region == "" {
		e.Region = "us-east-1"
	}
}

type m = map[string]any

// caller is who calls, from where and with what.
type caller struct {
	identity m
	address  string
	agent    string
}

func user(name, key, address, agent string) caller {
	return caller{m{
		"type": "IAMUser", "principalId": "AIDAEXAMPLE" + name, "arn": "arn:aws:iam::" + prod + ":user/" + name,
		"accountId": prod, "accessKeyId": key, "userName": name,
	}, address, agent}
}

// session is a role session. How it came to be is in the log: the AssumeRole
// call that answers with the key.
func session(role, name, key string, created time.Time, address, agent string) caller {
	id := "AROAEXAMPLE" + role
	return caller{m{
		"type": "AssumedRole", "principalId": id + ":" + name, "arn": "arn:aws:sts::" + prod + ":assumed-role/" + role + "/" + name,
		"accountId": prod, "accessKeyId": key,
		"sessionContext": m{
			"sessionIssuer": m{"type": "Role", "principalId": id, "arn": roleARN(role), "accountId": prod, "userName": role},
			"attributes":    m{"creationDate": created.Format(time.RFC3339), "mfaAuthenticated": "false"},
		},
	}, address, agent}
}

func roleARN(role string) string { return "arn:aws:iam::" + prod + ":role/" + role }

// call is one call that succeeds.
func (c caller) call(at time.Time, source, name string, request, response any) *record {
	return &record{
		Identity: c.identity, Address: c.address, Agent: c.agent,
		Source: source + ".amazonaws.com", Name: name, Request: request, Response: response, at: at,
	}
}

// read is a call that changes nothing.
func (c caller) read(at time.Time, source, name string, request any) *record {
	e := c.call(at, source, name, request, nil)
	e.ReadOnly = true
	return e
}

// denied is a read that is refused.
func (c caller) denied(at time.Time, source, name string, request any) *record {
	e := c.read(at, source, name, request)
	e.Code = "AccessDenied"
	e.Message = fmt.Sprintf("User: %s is not authorized to perform: %s:%s", c.identity["arn"], source, name)
	return e
}

// assume is an AssumeRole call, and who has the session afterwards.
func (c caller) assume(at time.Time, role, name, key string) (*record, caller) {
	e := c.read(at, "sts", "AssumeRole", m{"roleArn": roleARN(role), "roleSessionName": name, "durationSeconds": 3600})
	e.Response = m{
		"credentials":     m{"accessKeyId": key, "sessionToken": "EXAMPLETOKEN", "expiration": at.Add(time.Hour).Format(time.RFC3339)},
		"assumedRoleUser": m{"assumedRoleId": "AROAEXAMPLE" + role + ":" + name, "arn": "arn:aws:sts::" + prod + ":assumed-role/" + role + "/" + name},
	}
	e.Resources = []any{m{"accountId": prod, "type": "AWS::IAM::Role", "ARN": roleARN(role)}}
	return e, session(role, name, key, at, c.address, c.agent)
}

// object is a read of an object, a data event.
func (c caller) object(at time.Time, bucket, key string, size int) *record {
	e := c.read(at, "s3", "GetObject", m{"bucketName": bucket, "key": key, "Host": bucket + ".s3.us-east-1.amazonaws.com"})
	e.Category = "Data"
	e.Additional = m{"bytesTransferredOut": size, "SignatureVersion": "SigV4"}
	e.Resources = []any{
		m{"type": "AWS::S3::Object", "ARN": "arn:aws:s3:::" + bucket + "/" + key},
		m{"accountId": prod, "type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::" + bucket},
	}
	return e
}
