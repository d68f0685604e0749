package evidence

import (
	"cmp"
	"net/http"
	"slices"
	"time"
)

// Recording is what AWS answered to the calls made with one account's credentials.
type Recording struct {
	Account string `json:"account"`
	// Region and BaseEndpoint are those of the aws.Config recorded, for a Player
	// to make the same requests.
	Region       string `json:"region,omitempty"`
	BaseEndpoint string `json:"baseEndpoint,omitempty"`
	// MaxBody is the size in bytes from which a body was not kept.
	MaxBody int64 `json:"maxBody"`
	// Rules is the hash of the redaction rules in force, RulesHash.
	Rules string `json:"rules"`

	Exchanges []Exchange `json:"-"`
}

// Exchange is one request and what came of it. A retried call is several.
type Exchange struct {
	Service   string `json:"service"`   // the SDK's service id, "IAM"
	Operation string `json:"operation"` // "ListUsers"
	Region    string `json:"region,omitempty"`

	Method string      `json:"method"`
	URL    string      `json:"url"`
	Header http.Header `json:"header,omitempty"` // those that say what is asked
	Body   Body        `json:"body,omitzero"`

	// Call counts calls that ask the same, from 1, in the order in which they
	// began. Attempt counts the tries of one call, from 1.
	Call        int `json:"call"`
	Attempt     int `json:"attempt"`
	MaxAttempts int `json:"maxAttempts,omitempty"` // that the client was willing to make; 0: not told

	Time      time.Time     `json:"time"` // UTC, of the recording machine; the answer's Date is AWS's
	Elapsed   time.Duration `json:"elapsedNanoseconds,omitempty"`
	RequestID string        `json:"requestId,omitempty"`

	Status       int         `json:"status,omitempty"`
	AnswerHeader http.Header `json:"answerHeader,omitempty"`
	Answer       Body        `json:"answer,omitzero"`
	Failure      *Failure    `json:"failure,omitempty"` // no answer, or not all of it

	Redactions []Redaction `json:"redactions,omitempty"`
}

// Body is the body of a request or answer: Text, or Bytes where it is not
// UTF-8, as received but for the redactions. Withheld names the rule by which it
// was not kept at all.
type Body struct {
	Text     string `json:"text,omitempty"`
	Bytes    []byte `json:"bytes,omitempty"`
	Withheld string `json:"withheld,omitempty"`
}

func (b Body) bytes() []byte {
	if b.Text != "" {
		return []byte(b.Text)
	}
	return b.Bytes
}

// Redaction is one place from which something was taken out, and the id of the
// Rule by which it was. The value is not kept, nor its hash, from which a short
// one could be guessed.
type Redaction struct {
	Rule  string `json:"rule"`
	Where string `json:"where"` // "answer body CreateAccessKeyResponse/CreateAccessKeyResult/AccessKey/SecretAccessKey"
}

// Period is when the first and the last answer were given, by AWS's clock where
// an answer has a Date. Zero times: there is no answer.
func (r Recording) Period() (from, to time.Time) {
	for i := range r.Exchanges {
		e := &r.Exchanges[i]
		at, err := http.ParseTime(e.AnswerHeader.Get("Date"))
		if err != nil {
			at = e.Time
		}
		if from.IsZero() || at.Before(from) {
			from = at.UTC()
		}
		if at.After(to) {
			to = at.UTC()
		}
	}
	return from, to
}

// sort puts exchanges into an order that does not depend on which of several
// concurrent calls was faster.
func (r *Recording) sort() {
	keys := make(map[*Exchange]string, len(r.Exchanges))
	order := make([]*Exchange, len(r.Exchanges))
	for i := range r.Exchanges {
		e := &r.Exchanges[i]
		keys[e], order[i] = e.key(), e
	}
	slices.SortStableFunc(order, func(a, b *Exchange) int {
		return cmp.Or(cmp.Compare(keys[a], keys[b]), cmp.Compare(a.Call, b.Call), cmp.Compare(a.Attempt, b.Attempt))
	})
	sorted := make([]Exchange, len(order))
	for i, e := range order {
		sorted[i] = *e
	}
	r.Exchanges = sorted
}
