package evidence_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/awsposture/posture/compliance/evidence"
)

const (
	headLine     = `{"version":1,"account":"111122223333","maxBody":10,"rules":"r","exchanges":1}` + "\n"
	exchangeLine = `{"service":"IAM","operation":"ListUsers","method":"POST","url":"https://iam.amazonaws.com/","call":1,"attempt":1,"time":"2026-06-01T12:00:00Z","status":200,"answer":{"text":"<R/>"}}` + "\n"
)

func TestReadRecording(t *testing.T) {
	r, err := evidence.ReadRecording(strings.NewReader(headLine + exchangeLine))
	if err != nil || len(r.Exchanges) != 1 || r.Exchanges[0].Answer.Text != "<R/>" || r.Account != "111122223333" {
		t.Fatalf("%+v, %v", r, err)
	}
	for name, tt := range map[string]struct{ text, want string }{
		"nothing":          {"", "it has no head"},
		"no head":          {exchangeLine, "line 1"},
		"later version":    {strings.Replace(headLine, `:1,`, `:2,`, 1), "version 2 is not version 1"},
		"one too few":      {headLine, "has 0 exchanges, its head says 1"},
		"one too many":     {headLine + exchangeLine + exchangeLine, "has 2 exchanges"},
		"cut":              {(headLine + exchangeLine)[:len(headLine)+50], "the last line has no end"},
		"cut newline":      {strings.TrimSuffix(headLine+exchangeLine, "\n"), "the last line has no end"},
		"empty line":       {headLine + "\n", "line 2"},
		"two values":       {headLine + strings.TrimSuffix(exchangeLine, "\n") + "{}\n", "line 2: more than one"},
		"unknown member":   {headLine + strings.Replace(exchangeLine, `"status"`, `"state":1,"status"`, 1), "line 2"},
		"repeated member":  {headLine + strings.Replace(exchangeLine, `"status"`, `"status":1,"status"`, 1), "line 2: not written"},
		"other case":       {headLine + strings.Replace(exchangeLine, `"status"`, `"Status"`, 1), "line 2: not written"},
		"space":            {headLine + strings.Replace(exchangeLine, `:200`, `: 200`, 1), "line 2: not written"},
		"call 0":           {headLine + strings.Replace(exchangeLine, `"call":1`, `"call":0`, 1), "line 2: call 0"},
		"carriage returns": {strings.ReplaceAll(headLine+exchangeLine, "\n", "\r\n"), "line 1"},
	} {
		if _, err := evidence.ReadRecording(strings.NewReader(tt.text)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	broken := errors.New("the disk is gone")
	r, err = evidence.ReadRecording(iotest.DataErrReader(&readThen{strings.NewReader(strings.Replace(headLine, `"exchanges":1`, `"exchanges":2`, 1) + exchangeLine), broken}))
	if !errors.Is(err, broken) || len(r.Exchanges) != 1 {
		t.Errorf("what was read before is %d exchanges, %v", len(r.Exchanges), err)
	}
}

// TestRecordingOfAnything writes and reads what AWS may answer.
func TestRecordingOfAnything(t *testing.T) {
	in := evidence.Recording{Account: "1", Rules: "r"}
	for i, body := range []evidence.Body{{Text: "\u2028\x00\n<&>\ufffd"}, {Bytes: []byte{0xff, 0x00, 0xfe}}, {Withheld: "unreadable"}, {}} {
		in.Exchanges = append(in.Exchanges, evidence.Exchange{
			Service: "S", Operation: fmt.Sprint("Op", i), Call: 1, Attempt: 1, Time: time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC), Answer: body, Body: body,
			Header: map[string][]string{"Content-Type": {"a", ""}}, Failure: &evidence.Failure{Kind: "timeout", Message: "x"}, Redactions: []evidence.Redaction{{Rule: "r", Where: "w"}},
		})
	}
	out, text := written(t, in)
	for i := range in.Exchanges {
		if fmt.Sprintf("%+v", out.Exchanges[i].Answer) != fmt.Sprintf("%+v", in.Exchanges[i].Answer) || out.Exchanges[i].Failure.Kind != "timeout" {
			t.Errorf("%+v\nwas\n%+v", out.Exchanges[i], in.Exchanges[i])
		}
	}
	if _, again := written(t, out); !bytes.Equal(text, again) {
		t.Error("written otherwise the second time")
	}
	in.Exchanges[0].Time = time.Date(20000, 1, 1, 0, 0, 0, 0, time.UTC)
	if _, err := in.WriteTo(new(bytes.Buffer)); err == nil || !strings.Contains(err.Error(), "does not encode") {
		t.Errorf("a year that JSON does not know: %v", err)
	}
}
