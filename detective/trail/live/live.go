package live

import (
	"context"
	"io"
	"time"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

// Message is one delivery of a queued message.
type Message struct {
	ID       string // the same in every delivery
	Receipt  string // of this delivery
	Body     []byte
	Receives int // deliveries so far, this one counted; zero when the queue does not say
}

// Queue is what a consumer needs of a queue: SQS, or anything that delivers at
// least once, hides what it delivered for a time, and delivers again what was
// not deleted by then. See
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
type Queue interface {
	// Receive waits a while for messages and returns at most limit of them, or
	// none. SQS gives at most ten; ask it with a wait of some seconds.
	Receive(ctx context.Context, limit int) ([]Message, error)
	Delete(ctx context.Context, m Message) error
	// Extend hides the message for d from now on.
	Extend(ctx context.Context, m Message, d time.Duration) error
}

// Store keeps the state over restarts. Save replaces what was stored, in whole
// or not at all; Load returns what the last Save was given, nil when there was
// none. One consumer uses it at a time.
type Store interface {
	Load(ctx context.Context) ([]byte, error)
	Save(ctx context.Context, state []byte) error
}

// Problem is something that was not judged, or not done. What it concerns is
// not lost: the message stays in the queue.
type Problem struct {
	Message Message // zero when it concerns none
	Object  trail.ObjectRef
	Err     error
}

// Stats counts what a run did.
type Stats struct {
	Messages   int64 // that were judged in whole
	Failed     int64 // deliveries that could not be, in whole or in part
	Events     int64 // judged
	Duplicates int64 // events passed over, as they were judged before
	Alerts     int64
	Late       int64 // events that came after their windows had closed
	Dropped    int64 // matches that the engine's bounds cost
	Stored     int64 // times that the state was stored
}

// Consumer judges the events of a queue. The fields are read when Run begins.
type Consumer struct {
	Queue Queue
	// Open opens an object that a message names. It may be nil when messages
	// bring the events themselves (EventBridge). When it fails, the delivery has
	// failed, and counts towards the queue's redrive policy.
	Open  func(ctx context.Context, o trail.ObjectRef) (io.ReadCloser, error)
	Rules *rule.Set
	// Alert takes a finding. When it returns nil the finding must be safe; an
	// error ends the run, and the finding comes again in the next.
	Alert func(ctx context.Context, h rule.Hit) error
	// Report hears of problems, one at a time; nil to ignore them.
	Report func(Problem)
	// Progress hears of the counts whenever messages were deleted; may be nil.
	Progress func(Stats)
	// Store keeps windows over restarts. Nil: they begin anew, and events that
	// were counted and deleted are forgotten.
	Store Store

	// Engine are the options of the rules' engine. Lateness is one hour when
	// zero: windows must close in the end.
	Engine rule.Options
	// Visibility is the queue's own visibility timeout, or less; default 30
	// seconds, as SQS, and at least three. Messages that are worked on or wait
	// to be deleted are hidden anew, for as long, well before it is over.
	Visibility time.Duration
	// StoreEvery is how long deletions wait for the state to be stored; default
	// 30 seconds. The state is also stored when MaxHeld messages wait (default
	// 1,000) and when the queue is empty.
	StoreEvery time.Duration
	MaxHeld    int
	// MaxEvents is how many event ids are remembered; default one million, 16
	// bytes each when stored. MaxInflated bounds an object; default 200 MB.
	MaxEvents   int
	MaxInflated int64
	// Idle is how long the queue must be empty before windows are closed by the
	// clock instead of by events; default five minutes. Events that are delivered
	// later than Lateness after they happened are then judged by themselves only,
	// and counted in Stats.Late.
	Idle time.Duration
	Now  func() time.Time // default time.Now
}

// withDefaults is a copy with every default filled in.
func (c *Consumer) withDefaults() Consumer {
	d := *c
	or := func(p *time.Duration, def time.Duration) {
		if *p <= 0 {
			*p = def
		}
	}
	or(&d.Engine.Lateness, time.Hour)
	or(&d.Visibility, 30*time.Second)
	d.Visibility = max(d.Visibility, 3*time.Second)
	or(&d.StoreEvery, 30*time.Second)
	or(&d.Idle, 5*time.Minute)
	if d.MaxHeld <= 0 {
		d.MaxHeld = 1000
	}
	if d.MaxEvents <= 0 {
		d.MaxEvents = 1 << 20
	}
	if d.Now == nil {
		d.Now = time.Now
	}
	if d.Report == nil {
		d.Report = func(Problem) {}
	}
	if d.Progress == nil {
		d.Progress = func(Stats) {}
	}
	return d
}
