package inspector_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/inspector2"

	"github.com/awsposture/posture/inspector"
	"github.com/awsposture/posture/inspector/inspectortest"
	"github.com/awsposture/posture/internal/awsfake"
)

func TestSBOM(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := good().Fake.(*world)
		r := w.facts.region(place, w.Inspector)
		q := inspector.SBOMRequest{Bucket: "example-sboms", Prefix: "june", KeyARN: "arn:aws:kms:eu-west-1:111122223333:key/1", Resources: []string{"i-0web"}}
		client := inspector.Client(awsfake.Services{"Inspector2": w.Inspector}.Config("eu-west-1"), place)
		id, err := q.Start(t.Context(), client)
		if err != nil {
			t.Fatal(err)
		}
		if in := w.Writes()[0].Input.(*sdk.CreateSbomExportInput); in.ReportFormat != "CYCLONEDX_1_4" || *in.ResourceFilterCriteria.ResourceId[0].Value != "i-0web" {
			t.Errorf("asked for %+v", in)
		}
		if _, err := q.Start(t.Context(), w); err == nil {
			t.Error("two exports at once")
		}
		begin := time.Now()
		e, err := r.AwaitSBOM(t.Context(), id, time.Minute)
		if err != nil || e.Status != "SUCCEEDED" || !e.Done() || e.Bucket != "example-sboms" || e.Prefix != "june" || time.Since(begin) != 3*time.Minute {
			t.Errorf("%+v after %s, %v", e, time.Since(begin), err)
		}
	})
}

func TestSBOMFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := good().Fake.(*world)
		r := w.facts.region(place, w.Inspector)
		w.Edit(func(s *inspectortest.State) {
			s.Exports["broken"] = &inspectortest.Export{Failure: "MALFORMED_KMS_KEY"}
		})
		if e, err := r.AwaitSBOM(t.Context(), "broken", 0); err == nil || !e.Done() || !strings.Contains(err.Error(), "MALFORMED_KMS_KEY") {
			t.Errorf("%+v, %v", e, err)
		}
		if _, err := r.AwaitSBOM(t.Context(), "unknown", 0); err == nil {
			t.Error("an export that does not exist succeeded")
		}
		for _, q := range []inspector.SBOMRequest{{}, {Bucket: "b"}} {
			if _, err := q.Start(t.Context(), w); err == nil || len(w.Writes()) > 0 {
				t.Errorf("%+v began: %v", q, err)
			}
		}
		id, err := inspector.SBOMRequest{Bucket: "b", KeyARN: "k", Format: inspector.SPDX}.Start(t.Context(), w)
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		if _, err := r.AwaitSBOM(ctx, id, time.Minute); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
}
