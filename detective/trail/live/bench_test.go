package live_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/awsposture/posture/detective/trail/detections"
	"github.com/awsposture/posture/detective/trail/live"
	"github.com/awsposture/posture/detective/trail/live/livetest"
	"github.com/awsposture/posture/detective/trail/rule"
)

// BenchmarkConsumer judges files of 500 events by the built-in rules, the state
// stored in a file every twenty messages.
func BenchmarkConsumer(b *testing.B) {
	set, err := rule.Compile(detections.Rules(detections.Params{OwnAccounts: []string{"111122223333"}}))
	if err != nil {
		b.Fatal(err)
	}
	const perFile, files = 500, 40
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	names := []string{"GetUser", "ListUsers", "ListRoles", "GetRole", "GetPolicy", "CreateUser"}
	bucket := livetest.Bucket{}
	size := 0
	for f := range files {
		var events []string
		for i := range perFile {
			n := f*perFile + i
			events = append(events, event(n, start.Add(time.Duration(n)*time.Second), names[n%len(names)], fmt.Sprintf("user%d", n%50)))
		}
		text := `{"Records":[` + strings.Join(events, ",") + `]}`
		size += len(text)
		var z bytes.Buffer
		w := gzip.NewWriter(&z)
		if _, err := w.Write([]byte(text)); err != nil {
			b.Fatal(err)
		}
		if err := w.Close(); err != nil {
			b.Fatal(err)
		}
		bucket[logKey(f)] = z.Bytes()
	}
	b.SetBytes(int64(size))
	dir := b.TempDir()
	for i := 0; b.Loop(); i++ {
		q := &livetest.Queue{Wait: time.Nanosecond}
		for f := range files {
			q.Send(notification(logKey(f)))
		}
		stop := make(chan struct{})
		var stats live.Stats
		c := &live.Consumer{
			Queue: q, Open: bucket.Open, Rules: set, MaxHeld: 20, Store: live.File(fmt.Sprintf("%s/%d", dir, i)),
			Alert: func(context.Context, rule.Hit) error { return nil },
			Progress: func(s live.Stats) {
				if stats = s; s.Messages == files {
					close(stop)
				}
			},
		}
		if err := c.Run(context.Background(), stop); err != nil || stats.Events != perFile*files {
			b.Fatal(err, stats)
		}
	}
	b.ReportMetric(perFile*files*float64(b.N)/b.Elapsed().Seconds(), "events/s")
}
