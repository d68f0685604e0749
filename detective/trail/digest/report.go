package digest

import "time"

// Problem is what is wrong with one object or one span of time.
type Problem string

// The problems.
const (
	DigestMissing  Problem = "digest missing"           // a newer digest names it, and it is not there
	TailMissing    Problem = "newest digests missing"   // the chain ends before the time it must reach
	DigestInvalid  Problem = "digest invalid"           // it does not parse, or has bytes after its gzip member
	DigestMoved    Problem = "digest moved"             // it says it lies elsewhere
	SignatureWrong Problem = "signature wrong"          // the signature does not fit the digest
	Outside        Problem = "digest outside the chain" // unsigned, unknown to the digests after it, and over the time of others
	Replaced       Problem = "digest replaced"          // its hash or signature is not what the next digest remembers
	TimeDiffers    Problem = "time differs"             // its name and its content tell different times
	LogMissing     Problem = "log file missing"         // a digest lists it
	LogAltered     Problem = "log file altered"         // its hash differs
	LogInvalid     Problem = "log file invalid"         // damaged, or bytes after its gzip member
	LogUnlisted    Problem = "log file unlisted"        // no digest lists it
	LogTwice       Problem = "log file listed twice"    // with different hashes
	Unexpected     Problem = "unexpected object"        // CloudTrail would not have named it so
	StreamMissing  Problem = "no digests"               // for an account and region that must have them
	Started        Problem = "chain starts here"        // validation or logging was off before
	Unsigned       Problem = "signature not available"  // the newest digest without its metadata
	Pending        Problem = "digest pending"           // young, and delivery is known to fail
	KeyMissing     Problem = "public key not found"
	Unreadable     Problem = "object not readable"
)

// Status is how a problem judges its stream.
func (p Problem) Status() Status {
	switch p {
	case Started, Unsigned, Pending:
		return Incomplete
	case KeyMissing, Unreadable:
		return Unknown
	}
	return Broken
}

// Status is the result for one account and region.
type Status uint8

// The results. The zero value is not intact.
const (
	Unknown    Status = iota // something could not be read
	Intact                   // every digest and every listed file is there and unchanged
	Incomplete               // nothing is wrong, but part of the span is not vouched for
	Broken
)

func (s Status) String() string {
	return [...]string{"unknown", "intact", "incomplete", "broken"}[min(s, 3)]
}

// MarshalText writes the status as its word.
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// worse joins two results: broken before unknown before incomplete before
// intact. What is proved broken stays so, whatever else could not be read.
func (s Status) worse(t Status) Status {
	rank := [...]int{Unknown: 2, Intact: 0, Incomplete: 1, Broken: 3}
	if rank[t] > rank[s] {
		return t
	}
	return s
}

// Finding is one problem.
type Finding struct {
	Problem Problem   `json:"problem"`
	Object  string    `json:"object,omitempty"` // bucket/key
	From    time.Time `json:"from,omitzero"`    // the span that cannot be vouched for
	To      time.Time `json:"to,omitzero"`
	Detail  string    `json:"detail,omitempty"`
}

// Stream is the chain of one account and region.
type Stream struct {
	Account  string    `json:"account"`
	Region   string    `json:"region"`
	Status   Status    `json:"status"`
	Digests  int       `json:"digests"` // checked
	Logs     int       `json:"logs"`    // checked
	From     time.Time `json:"from"`    // covered by digests with a valid signature
	To       time.Time `json:"to"`
	Findings []Finding `json:"findings,omitempty"`
}

func (s *Stream) add(f Finding) { s.Findings = append(s.Findings, f) }

// Report is the result of a validation.
type Report struct {
	From    time.Time `json:"from"`
	To      time.Time `json:"to"`
	Streams []Stream  `json:"streams"` // sorted by account and region
}

// Status is the worst of the streams'; Unknown when there are none.
func (r Report) Status() Status {
	if len(r.Streams) == 0 {
		return Unknown
	}
	worst := Intact
	for _, s := range r.Streams {
		worst = worst.worse(s.Status)
	}
	return worst
}
