package live

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/awsposture/posture/detective/trail"
)

// errStrange is of a message that is nothing a trail's queue brings.
var errStrange = errors.New("live: no notification of S3, SNS or CloudTrail, no EventBridge event and no CloudTrail record")

// decode reads a message's body: a notification of new objects by S3 or by the
// trail, directly, through SNS or through EventBridge, or events themselves, as
// EventBridge brings them or bare.
func decode(body []byte) ([]trail.ObjectRef, []*trail.Event, error) {
	v, ok := trail.JSON(body)
	if !ok || v.Kind() != trail.KindObject {
		return nil, nil, errStrange
	}
	switch {
	case v.Member("Message").Kind() == trail.KindString && v.Member("eventVersion").Kind() == trail.KindAbsent:
		inner := v.Member("Message").Text()
		if w, ok := trail.JSON([]byte(inner)); !ok || w.Member("Message").Kind() == trail.KindString {
			return nil, nil, errStrange // SNS wraps once
		}
		return decode([]byte(inner))
	case v.Member("detail-type").Is("Object Created"):
		// https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html:
		// unlike in S3's own notifications the key is not encoded.
		d := v.Member("detail")
		ref := trail.ObjectRef{Bucket: d.Member("bucket").Member("name").Text(), Key: d.Member("object").Member("key").Text()}
		if ref.Key == "" {
			return nil, nil, errStrange
		}
		return []trail.ObjectRef{ref}, nil, nil
	case v.Member("detail-type").Kind() == trail.KindString:
		env, err := trail.ParseEnvelope(body)
		if err == nil && v.Member("detail").Member("eventVersion").Kind() == trail.KindAbsent {
			err = fmt.Errorf("live: the EventBridge event %q brings no CloudTrail record", env.DetailType)
		}
		if err != nil {
			return nil, nil, err
		}
		return nil, []*trail.Event{env.Event}, nil
	case v.Member("Event").Is("s3:TestEvent"):
		return nil, nil, nil // S3 sends one when notifications are set up
	}
	refs, err := trail.Notified(body)
	if err != nil || len(refs) > 0 {
		return refs, nil, err
	}
	if v.Member("eventVersion").Kind() != trail.KindAbsent || v.Member("Records").Kind() == trail.KindArray {
		return bare(body)
	}
	return nil, nil, errStrange
}

// bare reads records that a message brings without an envelope.
func bare(body []byte) ([]trail.ObjectRef, []*trail.Event, error) {
	var events []*trail.Event
	var errs []error
	for e, err := range trail.Bytes("message", body) {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		events = append(events, e.Clone())
	}
	if len(events)+len(errs) == 0 {
		return nil, nil, errStrange
	}
	return nil, events, errors.Join(errs...)
}

// one is the listing of one object.
func one(ref trail.ObjectRef, open func(context.Context, trail.ObjectRef) (io.ReadCloser, error)) trail.Source {
	return func(yield func(trail.Object, error) bool) {
		yield(trail.Object{
			Bucket: ref.Bucket, Key: ref.Key,
			Open: func(ctx context.Context) (io.ReadCloser, error) { return open(ctx, ref) },
		}, nil)
	}
}
