package digest

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/awsposture/posture/detective/trail"
)

const region = "eu-central-1"

// problems validates and lists what was found, in the order of the alphabet.
func problems(t *testing.T, b bucket, o Options) (string, Report) {
	t.Helper()
	rep, err := Verify(t.Context(), b.source(), &fakeKeys{}, o)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range rep.Streams {
		for _, f := range s.Findings {
			got = append(got, string(f.Problem))
		}
	}
	slices.Sort(got)
	return strings.Join(got, ","), rep
}

func span(hours int) Options { return Options{From: at(0), To: at(hours), Now: at(hours)} }

// TestStringToSign: the four lines of AWS's page, joined by line ends, without
// one behind the last; the signature before as written, or the word null.
func TestStringToSign(t *testing.T) {
	for _, c := range []struct{ previous, last string }{
		{"null", "null"},
		{`"50887cCFFe"`, "50887cCFFe"},
	} {
		object := "null"
		if c.previous != "null" {
			object = `"AWSLogs/older"`
		}
		text := fmt.Sprintf(`{"awsAccountId":"111122223333","digestStartTime":"2015-08-17T14:01:31Z","digestEndTime":"2015-08-17T15:01:31Z",`+
			`"digestS3Bucket":"example-trail","digestS3Object":"AWSLogs/x.json.gz","digestPublicKeyFingerprint":"fp","digestSignatureAlgorithm":"SHA256withRSA",`+
			`"previousDigestS3Object":%s,"previousDigestSignature":%s,"logFiles":[]}`, object, c.previous)
		d, err := parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256([]byte(text))
		want := "2015-08-17T15:01:31Z\nexample-trail/AWSLogs/x.json.gz\n" + hex.EncodeToString(sum[:]) + "\n" + c.last
		if got := string(d.signed()); got != want {
			t.Errorf("string to sign\n%q, want\n%q", got, want)
		}
		hash := sha256.Sum256([]byte(want))
		sig, err := rsa.SignPKCS1v15(rand.Reader, signer(), crypto.SHA256, hash[:])
		if err != nil {
			t.Fatal(err)
		}
		der := x509.MarshalPKCS1PublicKey(&signer().PublicKey)
		if err := d.verify(der, strings.ToUpper(hex.EncodeToString(sig))); err != nil {
			t.Errorf("the signature in capitals: %v", err)
		}
		withEnd := sha256.Sum256([]byte(want + "\n"))
		sig, err = rsa.SignPKCS1v15(rand.Reader, signer(), crypto.SHA256, withEnd[:])
		if err != nil {
			t.Fatal(err)
		}
		if d.verify(der, hex.EncodeToString(sig)) == nil {
			t.Error("a signature of the lines with an end of line was accepted")
		}
	}
	for what, broken := range map[string]string{
		"no signature before":    `{"digestStartTime":"2015-08-17T14:01:31Z","digestEndTime":"2015-08-17T15:01:31Z","digestS3Bucket":"b","digestS3Object":"o","digestPublicKeyFingerprint":"fp"}`,
		"no object before":       `{"digestStartTime":"2015-08-17T14:01:31Z","digestEndTime":"2015-08-17T15:01:31Z","digestS3Bucket":"b","digestS3Object":"o","digestPublicKeyFingerprint":"fp","previousDigestSignature":"00"}`,
		"another algorithm":      `{"digestStartTime":"2015-08-17T14:01:31Z","digestEndTime":"2015-08-17T15:01:31Z","digestS3Bucket":"b","digestS3Object":"o","digestPublicKeyFingerprint":"fp","previousDigestSignature":null,"digestSignatureAlgorithm":"SHA1withRSA"}`,
		"an end that is no time": `{"digestStartTime":"2015-08-17T14:01:31Z","digestEndTime":"soon","digestS3Bucket":"b","digestS3Object":"o","digestPublicKeyFingerprint":"fp","previousDigestSignature":null}`,
	} {
		if _, err := parse([]byte(broken)); err == nil {
			t.Errorf("%s: accepted", what)
		}
	}
}

// TestForgedDigestCoversAnInjectedLog: who cannot sign puts a digest without
// metadata beside the chain, to list a file of his own.
func TestForgedDigestCoversAnInjectedLog(t *testing.T) {
	b := bucket{}
	b.build(region, 6, chainOptions{})
	log := logKey(region, at(3).Add(20*time.Minute), "forgedforgedforg")
	data := []byte(`{"Records":[]}`)
	b[log] = &stored{data: zipped(data)}
	end := at(3).Add(40 * time.Minute)
	key, _, _ := b.sign(map[string]any{
		"digestStartTime": at(3).Format(time.RFC3339), "digestEndTime": end.Format(time.RFC3339), "digestS3Bucket": name, "digestS3Object": digestKey(region, end, ""),
		"digestPublicKeyFingerprint": "fp", "digestSignatureAlgorithm": "SHA256withRSA", "previousDigestS3Object": nil, "previousDigestSignature": nil,
		"logFiles": []any{map[string]any{"s3Bucket": name, "s3Object": log, "hashValue": sum(data), "hashAlgorithm": "SHA-256"}},
	})
	b[key].meta = nil
	if got, rep := problems(t, b, span(8)); got != "digest outside the chain" || rep.Status() != Broken {
		t.Errorf("%q, %s", got, rep.Status())
	}
}

// TestChainOverRegions: each region has its chain; a digest that is laid into
// another region, or continues another region's, does not pass.
func TestChainOverRegions(t *testing.T) {
	b := bucket{}
	b.build(region, 4, chainOptions{})
	b.build("us-west-2", 4, chainOptions{})
	if got, rep := problems(t, b, span(6)); got != "" || len(rep.Streams) != 2 {
		t.Fatalf("%q %+v", got, rep)
	}
	// The newest of one region takes the place of the other's.
	b[digestKey(region, at(4), "")] = b[digestKey("us-west-2", at(4), "")]
	got, rep := problems(t, b, span(6))
	if !strings.Contains(got, "digest moved") || rep.Streams[0].Status != Broken || rep.Streams[1].Status != Intact {
		t.Errorf("%q", got)
	}
	// Signed, but it continues another region's chain: its own is cut.
	b = bucket{}
	b.build(region, 4, chainOptions{})
	b.build("us-west-2", 4, chainOptions{})
	b.edit(digestKey(region, at(4), ""), true, func(d map[string]any) { d["previousDigestS3Object"] = digestKey("us-west-2", at(3), "") })
	if got, rep := problems(t, b, span(6)); got != "digest missing" || rep.Streams[0].Status != Broken {
		t.Errorf("%q", got)
	}
}

// backfill signs a digest for a file that missed its hour.
func (b bucket) backfill(hour int, made time.Time, previous map[string]any) (key string, next map[string]any) {
	log := logKey(region, at(hour).Add(-20*time.Minute), fmt.Sprintf("late%012d", hour))
	data := []byte(fmt.Sprintf(`{"Records":[{"eventName":"Late%d"}]}`, hour))
	b[log] = &stored{data: zipped(data)}
	d := map[string]any{
		"digestStartTime": at(hour - 1).Format(time.RFC3339), "digestEndTime": at(hour).Format(time.RFC3339), "digestS3Bucket": name, "digestS3Object": digestKey(region, at(hour), "_backfill"),
		"digestPublicKeyFingerprint": "fp", "digestSignatureAlgorithm": "SHA256withRSA", "previousDigestS3Object": nil, "previousDigestSignature": nil,
		"logFiles": []any{map[string]any{"s3Bucket": name, "s3Object": log, "hashValue": sum(data), "hashAlgorithm": "SHA-256"}},
	}
	for k, v := range previous {
		d[k] = v
	}
	key, hash, sig := b.sign(d)
	b[key].meta["x-amz-meta-backfill-generation-timestamp"] = made.Format(time.RFC3339)
	return key, map[string]any{"previousDigestS3Bucket": name, "previousDigestS3Object": key, "previousDigestHashValue": hash, "previousDigestHashAlgorithm": "SHA-256", "previousDigestSignature": sig}
}

// TestBackfillChain: backfill digests are a chain of their own, in the order
// they were made and not of the hours they are for.
func TestBackfillChain(t *testing.T) {
	build := func() (b bucket, keys []string) {
		b = bucket{}
		b.build(region, 6, chainOptions{})
		var previous map[string]any
		for i, hour := range []int{4, 2, 5} {
			var key string
			key, previous = b.backfill(hour, at(7).Add(time.Duration(i)*time.Minute), previous)
			keys = append(keys, key)
		}
		return b, keys
	}
	b, keys := build()
	if got, _ := problems(t, b, span(8)); got != "" {
		t.Errorf("whole: %q", got)
	}
	b[keys[0]].meta = map[string]string{"x-amz-meta-backfill-generation-timestamp": at(7).Format(time.RFC3339)}
	if got, _ := problems(t, b, span(8)); got != "" {
		t.Errorf("the signature in the next one alone: %q", got)
	}
	b, keys = build()
	delete(b, keys[1])
	if got, _ := problems(t, b, span(8)); got != "digest missing,log file unlisted" {
		t.Errorf("one is gone: %q", got)
	}
	b, keys = build()
	b.edit(keys[0], true, func(d map[string]any) { d["newestEventTime"] = "x" })
	if got, _ := problems(t, b, span(8)); got != "digest replaced,digest replaced" {
		t.Errorf("one is replaced: %q", got)
	}
	// One older than the span may have been cleared away.
	b, keys = build()
	delete(b, keys[1])
	o := span(8)
	o.From = at(3)
	if got, _ := problems(t, b, o); got != "" {
		t.Errorf("before the span: %q", got)
	}
}

// TestLoggingOffForAWhile: the last digest before StopLogging is followed by
// nothing, and the first after StartLogging follows nothing.
func TestLoggingOffForAWhile(t *testing.T) {
	b := bucket{}
	b.build(region, 10, chainOptions{restartAt: 6})
	for h := 4; h <= 6; h++ {
		delete(b, digestKey(region, at(h), ""))
	}
	got, rep := problems(t, b, span(12))
	s := rep.Streams[0]
	if got != "chain starts here" || s.Status != Incomplete || !s.Findings[0].From.Equal(at(3)) || !s.Findings[0].To.Equal(at(6)) {
		t.Errorf("%q %+v", got, s)
	}
	// It was stopped for good: the trail's status says when the last came.
	b = bucket{}
	b.build(region, 5, chainOptions{})
	o := span(12)
	if got, _ := problems(t, b, o); got != "newest digests missing" {
		t.Errorf("without the trail's status: %q", got)
	}
	o.Latest = map[Place]time.Time{{"111122223333", region}: at(5).Add(3 * time.Minute)}
	if got, rep := problems(t, b, o); got != "" || rep.Status() != Intact || !rep.Streams[0].To.Equal(at(5)) {
		t.Errorf("with it: %q %+v", got, rep)
	}
}

// TestMissingHour: one hour between two that are there, at the edges too.
func TestMissingHour(t *testing.T) {
	for _, h := range []int{2, 5, 9} {
		b := bucket{}
		b.build(region, 10, chainOptions{})
		delete(b, digestKey(region, at(h), ""))
		got, rep := problems(t, b, span(12))
		f := rep.Streams[0].Findings[0]
		if got != "digest missing" || !f.From.Equal(at(h-1)) || !f.To.Equal(at(h)) || f.Object != digestKey(region, at(h), "") {
			t.Errorf("hour %d: %q %+v", h, got, f)
		}
	}
}

// TestOtherTrailBeside: the files of a trail without validation under another
// prefix are not extras of the one that has it.
func TestOtherTrailBeside(t *testing.T) {
	b := bucket{}
	b.build(region, 4, chainOptions{})
	b["other/"+logKey(region, at(2).Add(10*time.Minute), "uniqueuniqueuniq")] = &stored{data: zipped([]byte("{}"))}
	if got, _ := problems(t, b, span(6)); got != "" {
		t.Errorf("%q", got)
	}
	b[logKey(region, at(2).Add(10*time.Minute), "uniqueuniqueuniq")] = &stored{data: zipped([]byte("{}"))}
	if got, _ := problems(t, b, span(6)); got != "log file unlisted" {
		t.Errorf("%q", got)
	}
}

// TestSpanOfValidDigests: what the report calls covered is signed.
func TestSpanOfValidDigests(t *testing.T) {
	b := bucket{}
	b.build(region, 4, chainOptions{})
	b.edit(digestKey(region, at(4), ""), false, func(d map[string]any) { d["newestEventTime"] = "x" })
	_, rep := problems(t, b, span(6))
	if s := rep.Streams[0]; !s.From.Equal(at(0)) || !s.To.Equal(at(3)) {
		t.Errorf("from %s to %s", s.From, s.To)
	}
	if _, err := Verify(t.Context(), trail.Source(b.source()), &fakeKeys{}, Options{Now: at(1)}); err == nil {
		t.Error("options without From were accepted")
	}
}
