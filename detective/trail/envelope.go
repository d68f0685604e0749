package trail

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
)

// Envelope is an EventBridge event.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
type Envelope struct {
	DetailType, Source, Account, Region string
	Event                               *Event // the detail, when it is a CloudTrail record
}

// ParseEnvelope reads an EventBridge event. EventBridge sees less than a
// trail: nothing above 256 kB, and read-only calls only by rules that ask for
// them.
func ParseEnvelope(body []byte) (Envelope, error) {
	v, ok := JSON(body)
	if !ok || v.Kind() != KindObject {
		return Envelope{}, fmt.Errorf("trail: envelope: %w", ErrSyntax)
	}
	env := Envelope{
		DetailType: v.Member("detail-type").Text(), Source: v.Member("source").Text(),
		Account: v.Member("account").Text(), Region: v.Member("region").Text(),
	}
	detail := v.Member("detail")
	if detail.Kind() != KindObject {
		return env, errors.New("trail: envelope: no detail")
	}
	e := &Event{}
	if err := e.Parse(detail.Raw()); err != nil {
		return env, fmt.Errorf("trail: envelope: detail: %w", err)
	}
	if err := checkVersion(e); err != nil {
		return env, fmt.Errorf("trail: envelope: detail: %w", err)
	}
	env.Event = e
	return env, nil
}

// Wrap makes the EventBridge event of a CloudTrail record: what a rule on the
// default bus is shown.
func Wrap(e *Event) []byte {
	kind := "AWS API Call via CloudTrail"
	switch e.Type() {
	case "AwsConsoleSignIn":
		kind = "AWS Console Sign In via CloudTrail"
	case "AwsConsoleAction":
		kind = "AWS Console Action via CloudTrail"
	case "AwsServiceEvent":
		kind = "AWS Service Event via CloudTrail"
	case "AwsVpceEvents":
		kind = "AWS Network Activity Event via CloudTrail"
	case "AwsCloudTrailInsight":
		kind = "AWS Insight via CloudTrail"
	}
	source, _, _ := bytes.Cut([]byte(e.Source()), []byte(".amazonaws.com"))
	head, err := json.Marshal(struct {
		Version    string   `json:"version"`
		ID         string   `json:"id"`
		DetailType string   `json:"detail-type"`
		Source     string   `json:"source"`
		Account    string   `json:"account"`
		Time       string   `json:"time"`
		Region     string   `json:"region"`
		Resources  []string `json:"resources"`
	}{"0", e.ID(), kind, "aws." + string(source), e.Account(), e.at(hEventTime).Text(), e.Region(), []string{}})
	if err != nil { // strings always encode
		return nil
	}
	out := append(head[:len(head)-1], `,"detail":`...)
	return append(append(out, e.text...), '}')
}

// ObjectRef names an object that a notification says was delivered.
type ObjectRef struct{ Bucket, Key string }

// Notified reads the notification of new log files: the trail's own (by SNS,
// or SNS inside SQS) or an S3 event notification.
func Notified(body []byte) ([]ObjectRef, error) {
	v, ok := JSON(body)
	if !ok || v.Kind() != KindObject {
		return nil, fmt.Errorf("trail: notification: %w", ErrSyntax)
	}
	if m := v.Member("Message"); m.Kind() == KindString {
		return Notified([]byte(m.Text()))
	}
	var refs []ObjectRef
	bucket := v.Member("s3Bucket").Text()
	for k := range v.Member("s3ObjectKey").Elements {
		refs = append(refs, ObjectRef{bucket, k.Text()})
	}
	for r := range v.Member("Records").Elements {
		s3 := r.Member("s3")
		if s3.Kind() != KindObject {
			continue
		}
		key, err := url.QueryUnescape(s3.Member("object").Member("key").Text())
		if err != nil {
			return refs, fmt.Errorf("trail: notification: key: %w", err)
		}
		refs = append(refs, ObjectRef{s3.Member("bucket").Member("name").Text(), key})
	}
	return refs, nil
}

// Subscription reads a CloudWatch Logs subscription payload (base64 of gzip, or
// gzip) and returns the records in it. A control message has none.
func Subscription(payload []byte) ([]*Event, error) {
	if len(payload) > 0 && payload[0] != 0x1f {
		raw, err := base64.StdEncoding.AppendDecode(nil, bytes.TrimSpace(payload))
		if err != nil {
			return nil, fmt.Errorf("trail: subscription: %w", err)
		}
		payload = raw
	}
	data, err := new(Gzip).Inflate(nil, payload, 64<<20)
	if err != nil {
		return nil, fmt.Errorf("trail: subscription: %w", err)
	}
	v, ok := JSON(data)
	if !ok {
		return nil, fmt.Errorf("trail: subscription: %w", ErrSyntax)
	}
	if !v.Member("messageType").Is("DATA_MESSAGE") {
		return nil, nil
	}
	var events []*Event
	var errs []error
	for l := range v.Member("logEvents").Elements {
		e := &Event{}
		err := e.Parse([]byte(l.Member("message").Text()))
		if err == nil {
			err = checkVersion(e)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("trail: subscription: log event %s: %w", l.Member("id").Text(), err))
			continue
		}
		events = append(events, e)
	}
	return events, errors.Join(errs...)
}
