package evidence_test

import (
	"io"
	"net"
	"net/http"
)

type doer func(*http.Request) (*http.Response, error)

func (d doer) Do(r *http.Request) (*http.Response, error) { return d(r) }

// cut is a body whose end does not come.
type cut struct{ io.ReadCloser }

func (c cut) Read(b []byte) (int, error) {
	n, err := c.ReadCloser.Read(b[:min(len(b), 64)])
	if err == nil {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

type timeout struct{}

func (timeout) Error() string   { return "no answer in time" }
func (timeout) Timeout() bool   { return true }
func (timeout) Temporary() bool { return true }

func noHost() error {
	return &net.DNSError{Err: "no such host", Name: "iam.example.com", IsNotFound: true}
}

// readThen is a reader that fails at the end.
type readThen struct {
	r   io.Reader
	err error
}

func (r *readThen) Read(b []byte) (int, error) {
	n, err := r.r.Read(b)
	if err == io.EOF {
		err = r.err
	}
	return n, err
}
