// Package digest validates CloudTrail's digest chains: that the log files which
// were delivered are all there, unchanged, and that nothing was added to them.
//
// It checks what `aws cloudtrail validate-logs` checks, and what that does not:
// missing digests at the end of the chain, each of several missing hours,
// previous hash values, files that no digest lists, second gzip members, and
// whole regions that are gone. It works on a bucket's listing or on a copy on
// disk, and needs no AWS client: objects and public keys come in.
//
// A valid chain proves that what was delivered is intact. It does not prove that
// everything that happened was delivered: StopLogging leaves a valid chain.
//
// The format is that of
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-custom-validation.html
package digest

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/awsposture/posture/detective/trail"
)

// PublicKey is one of CloudTrail's keys of a region, from ListPublicKeys.
type PublicKey struct {
	Fingerprint string
	DER         []byte // PKCS#1, or SubjectPublicKeyInfo
}

// Keys finds the public keys of a region that were valid in a period.
type Keys interface {
	PublicKeys(ctx context.Context, region string, from, to time.Time) ([]PublicKey, error)
}

// digestFile is the content of a digest.
type digestFile struct {
	Account           string    `json:"awsAccountId"`
	Start             time.Time `json:"digestStartTime"`
	EndText           string    `json:"digestEndTime"`
	Bucket            string    `json:"digestS3Bucket"`
	Object            string    `json:"digestS3Object"`
	Fingerprint       string    `json:"digestPublicKeyFingerprint"`
	Algorithm         string    `json:"digestSignatureAlgorithm"`
	PreviousBucket    *string   `json:"previousDigestS3Bucket"`
	PreviousObject    *string   `json:"previousDigestS3Object"`
	PreviousHash      *string   `json:"previousDigestHashValue"`
	PreviousHashAlg   *string   `json:"previousDigestHashAlgorithm"`
	PreviousSignature *string   `json:"previousDigestSignature"`
	Logs              []logFile `json:"logFiles"`

	end       time.Time
	key       trail.ObjectKey
	origin    string // bucket/key it was read from
	hash      string
	signature string // its own, from the object's metadata; "" when not known
	generated time.Time
}

type logFile struct {
	Bucket    string `json:"s3Bucket"`
	Object    string `json:"s3Object"`
	Hash      string `json:"hashValue"`
	Algorithm string `json:"hashAlgorithm"`
}

// parse reads an inflated digest. Members are matched by encoding/json, which
// is safe here: the whole text is signed.
func parse(data []byte) (*digestFile, error) {
	var d digestFile
	if err := json.Unmarshal(data, &d); err != nil {
		return nil, err
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return nil, err
	}
	// That of a starting digest is null; it is never absent.
	_, previous := members["previousDigestSignature"]
	if d.Fingerprint == "" || d.Bucket == "" || d.Object == "" || d.EndText == "" || d.Start.IsZero() || !previous {
		return nil, errors.New("a required member is missing")
	}
	if (d.PreviousObject == nil) != (d.PreviousSignature == nil) {
		return nil, errors.New("previousDigestS3Object and previousDigestSignature are not both there or both null")
	}
	var err error
	if d.end, err = time.Parse(time.RFC3339, d.EndText); err != nil {
		return nil, err
	}
	if d.Algorithm != "" && d.Algorithm != "SHA256withRSA" {
		return nil, fmt.Errorf("signature algorithm %q", d.Algorithm)
	}
	sum := sha256.Sum256(data)
	d.hash = hex.EncodeToString(sum[:])
	return &d, nil
}

// signed is what the signature is made of: four lines without an end of line
// after the last.
func (d *digestFile) signed() []byte {
	previous := "null"
	if d.PreviousSignature != nil {
		previous = *d.PreviousSignature
	}
	return []byte(strings.Join([]string{d.EndText, d.Bucket + "/" + d.Object, d.hash, previous}, "\n"))
}

// verify checks a signature in hexadecimal.
func (d *digestFile) verify(der []byte, signature string) error {
	sig, err := hex.DecodeString(signature)
	if err != nil {
		return fmt.Errorf("the signature is not hexadecimal: %w", err)
	}
	key, err := x509.ParsePKCS1PublicKey(der)
	if err != nil {
		pub, err2 := x509.ParsePKIXPublicKey(der)
		k, ok := pub.(*rsa.PublicKey)
		if err2 != nil || !ok {
			return fmt.Errorf("the public key does not parse: %w", err)
		}
		key = k
	}
	sum := sha256.Sum256(d.signed())
	return rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], sig)
}
