package trail

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	goccy "github.com/goccy/go-json"
	"github.com/klauspost/compress/gzip"
	"github.com/valyala/fastjson"

	"github.com/awsposture/posture/detective/trail"
)

// The peers read the same bytes and look at the same eleven members.
var eleven = []string{"eventVersion", "eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress", "userAgent", "errorCode", "eventID", "eventType", "recipientAccountId"}

type record struct {
	EventVersion       string `json:"eventVersion"`
	EventTime          string `json:"eventTime"`
	EventSource        string `json:"eventSource"`
	EventName          string `json:"eventName"`
	AwsRegion          string `json:"awsRegion"`
	SourceIPAddress    string `json:"sourceIPAddress"`
	UserAgent          string `json:"userAgent"`
	ErrorCode          string `json:"errorCode"`
	EventID            string `json:"eventID"`
	EventType          string `json:"eventType"`
	RecipientAccountID string `json:"recipientAccountId"`
}

func fastjsonGets() func(from, to int) error {
	var p fastjson.Parser
	return func(from, to int) error {
		n := 0
		for _, f := range corpus()[from:to] {
			v, err := p.ParseBytes(f)
			if err != nil {
				return err
			}
			for _, r := range v.GetArray("Records") {
				for _, k := range eleven {
					n += len(r.GetStringBytes(k))
				}
			}
		}
		return some(n)
	}
}

func goccyStruct(from, to int) error {
	n := 0
	for _, f := range corpus()[from:to] {
		var doc struct{ Records []record }
		if err := goccy.Unmarshal(f, &doc); err != nil {
			return err
		}
		for i := range doc.Records {
			n += len(doc.Records[i].EventName)
		}
	}
	return some(n)
}

func jsonMap(from, to int) error {
	n := 0
	for _, f := range corpus()[from:to] {
		var doc map[string]any
		if err := json.Unmarshal(f, &doc); err != nil {
			return err
		}
		n += len(doc)
	}
	return some(n)
}

// some makes sure that a peer found something.
func some(n int) error {
	if n == 0 {
		return errors.New("nothing was found")
	}
	return nil
}

func gunzip(z trail.Inflater) func(from, to int) error {
	var out []byte
	return func(from, to int) error {
		for _, f := range zipped()[from:to] {
			var err error
			if out, err = z.Inflate(out, f, 1<<30); err != nil {
				return err
			}
		}
		return nil
	}
}

// fast is klauspost's gunzip as an inflater.
type fast struct {
	z  gzip.Reader
	in bytes.Reader
}

func (f *fast) Inflate(dst, src []byte, limit int64) ([]byte, error) {
	f.in.Reset(src)
	if err := f.z.Reset(&f.in); err != nil {
		return dst[:0], err
	}
	f.z.Multistream(false)
	dst = dst[:0]
	for {
		if len(dst) == cap(dst) {
			dst = append(dst, 0)[:len(dst)]
		}
		n, err := f.z.Read(dst[len(dst):cap(dst)])
		dst = dst[:len(dst)+n]
		if int64(len(dst)) > limit {
			return dst, trail.ErrTooLarge
		}
		if errors.Is(err, io.EOF) {
			if f.in.Len() > 0 {
				return dst, trail.ErrTrailing
			}
			return dst, nil
		}
		if err != nil {
			return dst, err
		}
	}
}
