package trail

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

func rec(i int) string {
	return strings.Replace(record, "000000000001", fmt.Sprintf("%012d", i), 1)
}

func zip(parts ...string) []byte {
	var b bytes.Buffer
	for _, p := range parts {
		z := gzip.NewWriter(&b)
		if _, err := z.Write([]byte(p)); err != nil {
			panic(err)
		}
		if err := z.Close(); err != nil {
			panic(err)
		}
	}
	return b.Bytes()
}

const day = "AWSLogs/111122223333/CloudTrail/eu-central-1/2026/03/01/111122223333_CloudTrail_eu-central-1_20260301T1005Z_aBcDeFgHiJkLmNoP.json.gz"

func readAll(t *testing.T, fs fstest.MapFS, o *ReadOptions) (ids []string, errs []error) {
	t.Helper()
	for e, err := range Read(context.Background(), Files(fs), o) {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		ids = append(ids, strings.TrimLeft(e.ID()[24:], "0"))
	}
	return
}

func TestReadForms(t *testing.T) {
	two := rec(1) + "," + rec(2)
	for name, data := range map[string][]byte{
		"a.json":    []byte(`{"Records":[` + two + `]}`),
		"b.json":    []byte("\xef\xbb\xbf{ \"other\" : 1, \"Records\" : [\n" + two + " ] , \"more\":[] }"),
		"c.json":    []byte(`[` + two + `]`),
		"d.jsonl":   []byte(rec(1) + "\n" + rec(2) + "\n"),
		"e.json.gz": zip(`{"Records":[` + two + `]}`),
		"f.json":    []byte(rec(1) + rec(2)),
		"g.jsonl":   []byte(`{"detail-type":"x","detail":` + rec(1) + "}\n" + `{"detail-type":"x","detail":` + rec(2) + "}"),
		day:         zip(`{"Records":[` + two + `]}`),
	} {
		ids, errs := readAll(t, fstest.MapFS{name: {Data: data}}, nil)
		if strings.Join(ids, ",") != "1,2" || errs != nil {
			t.Errorf("%s: %v %v", name, ids, errs)
		}
	}
}

func TestReadLosesOnlyWhatIsBroken(t *testing.T) {
	whole := zip(`{"Records":[` + rec(1) + "," + rec(2) + "," + rec(3) + `]}`)
	broken := strings.Replace(rec(2), `"eventName":"StopLogging"`, `"eventName" "StopLogging"`, 1)
	unclosed := strings.Replace(rec(2), `"StopLogging"`, `"StopLogging`, 1)
	for name, c := range map[string]struct {
		data []byte
		want string
		err  error
		off  int64
	}{
		"cut.json.gz":     {whole[:len(whole)-12], "1,2,3", ErrTruncated, -1},
		"crc.json.gz":     {append(append([]byte{}, whole[:len(whole)-8]...), 1, 2, 3, 4, whole[len(whole)-4], whole[len(whole)-3], whole[len(whole)-2], whole[len(whole)-1]), "1,2,3", gzip.ErrChecksum, -1},
		"tail.json.gz":    {append(append([]byte{}, whole...), "extra"...), "1,2,3", ErrTrailing, -1},
		"two.json.gz":     {zip(`{"Records":[`+rec(1)+`]}`, `{"Records":[`+rec(9)+`]}`), "1", ErrTrailing, -1},
		"record.json":     {[]byte(`{"Records":[` + rec(1) + "," + broken + "," + rec(3) + `]}`), "1,3", ErrSyntax, int64(13 + len(rec(1)))},
		"unclosed.json":   {[]byte(`{"Records":[` + rec(1) + "," + unclosed + "," + rec(3) + `]}`), "1,3", ErrSyntax, int64(13 + len(rec(1)))},
		"line.jsonl":      {[]byte(rec(1) + "\n" + broken + "\n" + rec(3)), "1,3", ErrSyntax, int64(len(rec(1)) + 1)},
		"end.json":        {[]byte(`{"Records":[` + rec(1) + `,`), "1", ErrTruncated, int64(13 + len(rec(1)))},
		"version.json":    {[]byte(`[` + rec(1) + `,{"eventVersion":"2.0"},` + rec(3) + `]`), "1,3", ErrVersion, int64(2 + len(rec(1)))},
		"notjson.json":    {[]byte(`hello`), "", ErrSyntax, 0},
		"notgzip.json.gz": {[]byte("\x1f\x8b\x08nonsense"), "", ErrTruncated, -1},
	} {
		ids, errs := readAll(t, fstest.MapFS{name: {Data: c.data}}, nil)
		if strings.Join(ids, ",") != c.want || len(errs) != 1 || !errors.Is(errs[0], c.err) {
			t.Errorf("%s: read %v, errors %v", name, ids, errs)
			continue
		}
		var fe *FileError
		if !errors.As(errs[0], &fe) || fe.File != name || fe.Offset != c.off {
			t.Errorf("%s: error places it at %+v, want offset %d", name, fe, c.off)
		}
	}
	_, errs := readAll(t, fstest.MapFS{"bomb.json.gz": {Data: zip(strings.Repeat(" ", 1<<20))}}, &ReadOptions{MaxInflated: 1 << 16})
	if len(errs) != 1 || !errors.Is(errs[0], ErrTooLarge) {
		t.Errorf("a file beyond the limit: %v", errs)
	}
}

func TestReadTellsKeysApart(t *testing.T) {
	fs := fstest.MapFS{day: {Data: zip(rec(1))}}
	for _, f := range []string{"CloudTrail-Digest", "CloudTrail-Insight", "CloudTrail-Aggregated", "CloudTrail-NetworkActivity"} {
		fs[strings.ReplaceAll(day, "CloudTrail", f)] = &fstest.MapFile{Data: zip(rec(len(fs) + 1))}
	}
	ids, errs := readAll(t, fs, nil)
	if len(ids) != 2 || errs != nil {
		t.Errorf("logs and network activity are two of five: %v %v", ids, errs)
	}
	ids, _ = readAll(t, fs, &ReadOptions{Keep: func(k ObjectKey) bool { return k.Class == Insight }})
	if len(ids) != 1 || ids[0] != "3" {
		t.Errorf("one insight: %v", ids)
	}
}

func TestParseKey(t *testing.T) {
	k, err := ParseKey("AWSLogs/x/AWSLogs/o-exampleorgid/111122223333/CloudTrail-Digest/eu-west-1/2026/03/01/111122223333_CloudTrail-Digest_eu-west-1_my_trail_us-east-1_20260301T101500Z_backfill.json.gz")
	if err != nil || k.Prefix != "AWSLogs/x" || k.Organization != "o-exampleorgid" || k.Trail != "my_trail" || k.Home != "us-east-1" || !k.Backfill || k.Class != DigestFile {
		t.Errorf("%+v %v", k, err)
	}
	k, err = ParseKey(day)
	if err != nil || k.Class != Log || k.Unique != "aBcDeFgHiJkLmNoP" || k.Day(k.Delivered) != day[:strings.LastIndex(day, "/")+1] {
		t.Errorf("%+v %v", k, err)
	}
	for _, bad := range []string{
		"", strings.Replace(day, "AWSLogs", "Logs", 1), strings.Replace(day, "/CloudTrail/", "/CloudTrails/", 1),
		strings.Replace(day, "111122223333_", "444455556666_", 1), strings.Replace(day, ".json.gz", ".json.bz2", 1),
		strings.Replace(day, "T1005Z", "T9905Z", 1), strings.Replace(day, "2026/03/01", "2026/03/02", 1),
	} {
		if _, err := ParseKey(bad); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}

func TestDedupe(t *testing.T) {
	d := &Dedupe{Max: 4}
	other := strings.Replace(rec(1), `"recipientAccountId":"111122223333"`, `"recipientAccountId":"444455556666"`, 1)
	for i, c := range []struct {
		text string
		seen bool
	}{{rec(1), false}, {rec(1), true}, {other, false}, {rec(2), false}, {rec(1), true}, {`{"eventName":"x"}`, false}, {`{"eventName":"x"}`, false}, {`{"eventID":"odd"}`, false}, {`{"eventID":"odd"}`, true}} {
		if got := d.Seen(parse(t, c.text)); got != c.seen {
			t.Errorf("step %d: seen %v", i, got)
		}
	}
	for i := range 1000 {
		d.Seen(parse(t, rec(100+i)))
		if d.Len() > 4 {
			t.Fatalf("holds %d entries, the bound is 4", d.Len())
		}
	}
	if d.Evicted == 0 {
		t.Error("evictions are not counted")
	}
}

func quote(s string) string { return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"` }

func TestLines(t *testing.T) {
	var n, bad int
	text := rec(1) + "\n\nbroken\n" + rec(2)
	for e, err := range Lines("x", strings.NewReader(text), 0) {
		if err != nil {
			bad++
			var fe *FileError
			if !errors.As(err, &fe) || fe.Offset != int64(len(rec(1))+2) {
				t.Errorf("%v", err)
			}
			continue
		}
		n++
		if got := text[e.Offset : e.Offset+int64(len(e.JSON()))]; got != string(e.JSON()) {
			t.Errorf("the offset leads to %.30q", got)
		}
	}
	if n != 2 || bad != 1 {
		t.Errorf("%d events, %d errors", n, bad)
	}
}

func TestOutcomeAndIdentity(t *testing.T) {
	for text, want := range map[string]Outcome{
		`{"eventName":"x"}`:                      Success,
		`{"errorCode":"AccessDenied"}`:           Failure,
		`{"errorCode":"Client.DryRunOperation"}`: Attempt,
		`{"eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin","responseElements":{"ConsoleLogin":"Failure"},"errorMessage":"Failed authentication"}`: Failure,
		`{"eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin","responseElements":{"ConsoleLogin":"Success"}}`:                                        Success,
	} {
		if got := parse(t, text).Outcome(); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
	for code, want := range map[string]bool{
		"AccessDenied": true, "AccessDeniedException": true, "Client.UnauthorizedOperation": true, "UnauthorizedException": true,
		"AuthorizationErrorException": true, "NotAuthorizedException": true, "VpceAccessDenied": true, "KMS.SomethingDenied": true,
		"UnauthorizedClientException": false, "ExpiredToken": false, "SignatureDoesNotMatch": false, "ThrottlingException": false, "": false, "NoSuchBucketPolicy": false,
	} {
		if DeniedCode(code) != want {
			t.Errorf("%q denied: %v", code, !want)
		}
	}
	for _, text := range []string{`{}`, `{"userIdentity":null}`, `{"userIdentity":[1]}`, `{"userIdentity":{"accountId":"111122223333","invokedBy":"x.amazonaws.com"}}`, `{"userIdentity":{"sessionContext":"odd"}}`} {
		e := parse(t, text)
		_, _ = e.SessionKey(), e.Identity().Principal() // must not panic
	}
	e := parse(t, `{"userIdentity":{"type":"AssumedRole","principalId":"AROAX:i-0abc","arn":"arn:aws:sts::111122223333:assumed-role/app/i-0abc","sessionContext":{"attributes":{"creationDate":"2026-03-01T09:00:00Z","mfaAuthenticated":"true"}}}}`)
	id := e.Identity()
	if id.Role() != "arn:aws:iam::111122223333:role/app" || id.SessionName() != "i-0abc" || !id.Session.MFA || e.SessionKey() != "AROAX:i-0abc@2026-03-01T09:00:00Z" {
		t.Errorf("%+v %s", id, e.SessionKey())
	}
}

func TestFilesOfADirectory(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/a.json", []byte(rec(1)), 0o600); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, err := range Read(t.Context(), Files(os.DirFS(dir)), nil) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 1 {
		t.Errorf("%d events", n)
	}
}
