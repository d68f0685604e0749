package digest

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/awsposture/posture/detective/trail"
)

var signer = sync.OnceValue(func() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return k
})

type fakeKeys struct{ asked []string }

func (f *fakeKeys) PublicKeys(_ context.Context, region string, from, to time.Time) ([]PublicKey, error) {
	f.asked = append(f.asked, region+" "+to.Sub(from).String())
	if region == "eu-south-1" {
		return nil, errors.New("AccessDeniedException")
	}
	spki, err := x509.MarshalPKIXPublicKey(&signer().PublicKey)
	return []PublicKey{{"other", []byte("x")}, {"fp", x509.MarshalPKCS1PublicKey(&signer().PublicKey)}, {"spki", spki}}, err
}

// bucket is a trail's bucket; the tests attack it.
type bucket map[string]*stored

type stored struct {
	data []byte // as stored
	meta map[string]string
	fail error
}

var start = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

func zipped(data []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(data); err != nil {
		panic(err)
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func digestKey(region string, end time.Time, suffix string) string {
	return fmt.Sprintf("AWSLogs/111122223333/CloudTrail-Digest/%s/%s/111122223333_CloudTrail-Digest_%s_main_us-east-1_%s%s.json.gz", region, end.Format("2006/01/02"), region, end.Format("20060102T150405Z"), suffix)
}

func logKey(region string, at time.Time, unique string) string {
	return fmt.Sprintf("AWSLogs/111122223333/CloudTrail/%s/%s/111122223333_CloudTrail_%s_%s_%s.json.gz", region, at.Format("2006/01/02"), region, at.Format("20060102T1504Z"), unique)
}

func sum(data []byte) string {
	h := sha256.Sum256(data)
	return hex.EncodeToString(h[:])
}

type chainOptions struct {
	fingerprint string
	restartAt   int    // the digest that has no previous one
	home        string // "" is us-east-1
}

// build writes hours digests with two log files each.
func (b bucket) build(region string, hours int, o chainOptions) {
	if o.fingerprint == "" {
		o.fingerprint = "fp"
	}
	var prevKey, prevHash, prevSig string
	for h := range hours {
		from, to := start.Add(time.Duration(h)*time.Hour), start.Add(time.Duration(h+1)*time.Hour)
		d := map[string]any{
			"awsAccountId": "111122223333", "digestStartTime": from.Format(time.RFC3339), "digestEndTime": to.Format(time.RFC3339),
			"digestS3Bucket": name, "digestS3Object": strings.Replace(digestKey(region, to, ""), "_us-east-1_", "_"+cmp.Or(o.home, "us-east-1")+"_", 1), "digestPublicKeyFingerprint": o.fingerprint, "digestSignatureAlgorithm": "SHA256withRSA",
			"previousDigestS3Bucket": nil, "previousDigestS3Object": nil, "previousDigestHashValue": nil, "previousDigestHashAlgorithm": nil, "previousDigestSignature": nil,
		}
		if h > 0 && h != o.restartAt {
			d["previousDigestS3Bucket"], d["previousDigestS3Object"], d["previousDigestHashValue"], d["previousDigestHashAlgorithm"], d["previousDigestSignature"] = name, prevKey, prevHash, "SHA-256", prevSig
		}
		var logs []any
		for i := range 2 {
			key := logKey(region, from.Add(time.Duration(10+i)*time.Minute), fmt.Sprintf("uniq%02d%010d", h, i))
			data := []byte(fmt.Sprintf(`{"Records":[{"eventName":"E%d"}]}`, h*2+i))
			b[key] = &stored{data: zipped(data)}
			logs = append(logs, map[string]any{"s3Bucket": name, "s3Object": key, "hashValue": sum(data), "hashAlgorithm": "SHA-256"})
		}
		d["logFiles"] = logs
		prevKey, prevHash, prevSig = b.sign(d)
	}
}

// sign stores a digest with its signature.
func (b bucket) sign(d map[string]any) (key, hash, signature string) {
	data, err := json.Marshal(d)
	if err != nil {
		panic(err)
	}
	key, hash = d["digestS3Object"].(string), sum(data)
	prev := "null"
	if p, ok := d["previousDigestSignature"].(string); ok {
		prev = p
	}
	h := sha256.Sum256([]byte(d["digestEndTime"].(string) + "\n" + name + "/" + key + "\n" + hash + "\n" + prev))
	sig, err := rsa.SignPKCS1v15(rand.Reader, signer(), crypto.SHA256, h[:])
	if err != nil {
		panic(err)
	}
	signature = hex.EncodeToString(sig)
	b[key] = &stored{data: zipped(data), meta: map[string]string{"x-amz-meta-signature": signature, "x-amz-meta-signature-algorithm": "SHA256withRSA"}}
	return key, hash, signature
}

func (b bucket) source() trail.Source {
	return func(yield func(trail.Object, error) bool) {
		var keys []string
		for k := range b {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		for _, k := range keys {
			s := b[k]
			if !yield(trail.Object{Bucket: name, Key: k, Metadata: s.meta, Open: func(context.Context) (io.ReadCloser, error) {
				return io.NopCloser(bytes.NewReader(s.data)), s.fail
			}}, nil) {
				return
			}
		}
	}
}

func at(h int) time.Time { return start.Add(time.Duration(h) * time.Hour) }

// edit replaces the content of a digest, keeping or renewing its signature.
func (b bucket) edit(key string, resign bool, change func(map[string]any)) {
	z, err := gzip.NewReader(bytes.NewReader(b[key].data))
	if err != nil {
		panic(err)
	}
	var d map[string]any
	if err := json.NewDecoder(z).Decode(&d); err != nil {
		panic(err)
	}
	change(d)
	if resign {
		b.sign(d)
		return
	}
	data, _ := json.Marshal(d)
	b[key].data = zipped(data)
}
