package trail

import (
	"context"
	"iter"
	"sync"
	"time"
)

// LookupInput is one request of CloudTrail's LookupEvents.
type LookupInput struct {
	Start, End       time.Time
	Attribute, Value string // one lookup attribute, "" for none
	Token            string
	MaxResults       int
}

// LookupOutput is one page: the CloudTrailEvent texts, newest first.
type LookupOutput struct {
	Events []string
	Token  string // "" on the last page
}

// Lookuper calls LookupEvents. An adapter of a few lines makes one of an AWS
// client; retries are the client's.
type Lookuper interface {
	LookupEvents(context.Context, LookupInput) (LookupOutput, error)
}

// Pace spaces calls out evenly. LookupEvents allows two calls a second for an
// account and region; share one Pace among all its callers. The zero value
// allows two a second.
type Pace struct {
	Every time.Duration // default 500 ms
	mu    sync.Mutex
	next  time.Time
}

// Wait waits for the caller's turn or for the context's end.
func (p *Pace) Wait(ctx context.Context) error {
	every := p.Every
	if every <= 0 {
		every = 500 * time.Millisecond
	}
	p.mu.Lock()
	now := time.Now()
	at := p.next
	if at.Before(now) {
		at = now
	}
	p.next = at.Add(every)
	p.mu.Unlock()
	if at.Equal(now) {
		return ctx.Err()
	}
	t := time.NewTimer(at.Sub(now))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Lookup describes a search of the event history: 90 days, management events,
// 50 a page, 2 pages a second, so 500,000 events take more than 83 minutes.
// See https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
type Lookup struct {
	Start, End       time.Time     // both required: a window that moves between pages loses events
	Attribute, Value string        // for example "EventName"; "Username" is a session name for roles
	Chunk            time.Duration // the window is asked in pieces so that a lost token costs one; default 24 h
	Pace             *Pace         // default: one of its own
}

// Events asks for all events of the window, chunk by chunk from the oldest;
// inside a chunk they come newest first, as AWS returns them. An error loses
// the rest of its chunk, is yielded as a *FileError named by the chunk's
// start, and the next chunk follows.
func (l Lookup) Events(ctx context.Context, api Lookuper) iter.Seq2[*Event, error] {
	return func(yield func(*Event, error) bool) {
		chunk, pace := l.Chunk, l.Pace
		if chunk <= 0 {
			chunk = 24 * time.Hour
		}
		if pace == nil {
			pace = &Pace{}
		}
		var ev Event
		for from := l.Start; from.Before(l.End); from = from.Add(chunk) {
			to := from.Add(chunk)
			if to.After(l.End) {
				to = l.End
			}
			name := "LookupEvents " + from.UTC().Format(time.RFC3339)
			// The same window goes with every token.
			in := LookupInput{Start: from, End: to, Attribute: l.Attribute, Value: l.Value, MaxResults: 50}
			for {
				if err := pace.Wait(ctx); err != nil {
					yield(nil, err)
					return
				}
				out, err := api.LookupEvents(ctx, in)
				if err != nil {
					if !yield(nil, &FileError{name, -1, err}) {
						return
					}
					break
				}
				for _, text := range out.Events {
					err := ev.Parse([]byte(text))
					if err == nil {
						err = checkVersion(&ev)
					}
					ev.File = name
					if err != nil {
						if !yield(nil, &FileError{name, 0, err}) {
							return
						}
					} else if !inWindow(&ev, from, to, to.Equal(l.End)) {
						continue // the boundary second belongs to the next chunk
					} else if !yield(&ev, nil) {
						return
					}
				}
				if out.Token == "" || out.Token == in.Token {
					break
				}
				in.Token = out.Token
			}
		}
	}
}

// inWindow keeps an event that both neighbours' windows hold in one of them.
func inWindow(e *Event, from, to time.Time, last bool) bool {
	t := e.Time()
	return t.IsZero() || t.Before(to) || last && t.Equal(to)
}
