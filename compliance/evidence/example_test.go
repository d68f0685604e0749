package evidence_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/ed25519"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance/evidence"
	"github.com/awsposture/posture/iam"
)

// exampleConfig stands for the caller's own: AWS is played by one answer.
func exampleConfig() aws.Config {
	return aws.Config{
		Region: "us-east-1",
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}, nil
		}),
		HTTPClient: doer(func(*http.Request) (*http.Response, error) {
			answer := "<GetAccountSummaryResponse><GetAccountSummaryResult><SummaryMap><entry><key>AccountMFAEnabled</key><value>1</value></entry><entry><key>AccountAccessKeysPresent</key><value>0</value></entry></SummaryMap></GetAccountSummaryResult></GetAccountSummaryResponse>"
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"text/xml"}}, Body: io.NopCloser(strings.NewReader(answer))}, nil
		}),
	}
}

func ExampleRecorder() {
	ctx, here := context.Background(), posture.Place{Partition: "aws", Account: "111122223333"}
	judge := func(cfg aws.Config) {
		fs, err := iam.RootMFA{Account: iam.FromConfig(cfg, here)}.Evaluate(ctx)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(fs[0].Status, fs[0].Control)
	}
	recorder := &evidence.Recorder{Account: here.Account}
	judge(recorder.Config(exampleConfig()))

	recording := recorder.Recording()
	for _, e := range recording.Exchanges {
		fmt.Println(e.Operation, e.Status, e.Redactions[0].Where)
	}

	player := evidence.NewPlayer(recording)
	judge(player.Config())
	fmt.Println("left:", player.Unused())

	client := iam.Client(player.Config(), here)
	_, err := client.ListUsers(ctx, &sdk.ListUsersInput{})
	fmt.Println(err)
	// Output:
	// pass iam.root-mfa
	// GetAccountSummary 200 request header Authorization
	// pass iam.root-mfa
	// left: []
	// operation error IAM: ListUsers, evidence: IAM ListUsers in us-east-1 (POST https://iam.amazonaws.com/ "Action=ListUsers&Version=2010-05-08"): not recorded
}

func ExampleBundle() {
	// In earnest the signer is a key in a key store, and its public key is known
	// to the auditor by another way than the bundle.
	signer := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	public := signer.Public().(ed25519.PublicKey)

	started := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	bundle := evidence.Bundle{
		Manifest: evidence.Manifest{Run: "2026-06", Started: started, Ended: started.Add(time.Minute), Tool: evidence.ThisTool()},
		Files:    []evidence.File{evidence.Bytes("reports/summary.md", "text/markdown", []byte("# June\n"))},
		Signer:   signer,
	}
	var archive bytes.Buffer
	if _, err := bundle.WriteZip(&archive); err != nil {
		fmt.Println(err)
		return
	}
	m, err := evidence.VerifyZip(bytes.NewReader(archive.Bytes()), int64(archive.Len()), public)
	fmt.Println(m.Run, len(m.Files), err)

	changed := bytes.Replace(archive.Bytes(), []byte("# June"), []byte("# July"), 1)
	_, err = evidence.VerifyZip(bytes.NewReader(changed), int64(len(changed)), public)
	fmt.Println(err)
	// Output:
	// 2026-06 1 <nil>
	// evidence: reading "reports/summary.md": zip: checksum error
}

func ExampleProve() {
	signer := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	public := signer.Public().(ed25519.PublicKey)
	bundle := evidence.Bundle{Manifest: evidence.Manifest{Run: "2026-06"}, Signer: signer}
	for _, month := range []string{"april", "may", "june"} {
		bundle.Files = append(bundle.Files, evidence.Bytes("reports/"+month+".md", "text/markdown", []byte("# "+month+"\n")))
	}
	var archive bytes.Buffer
	if _, err := bundle.WriteZip(&archive); err != nil {
		fmt.Println(err)
		return
	}
	whole, err := zip.NewReader(bytes.NewReader(archive.Bytes()), int64(archive.Len()))
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := evidence.Verify(whole, public)
	if err != nil {
		fmt.Println(err)
		return
	}
	signature, err := evidence.ReadSignature(whole)
	if err != nil {
		fmt.Println(err)
		return
	}
	proof, err := evidence.Prove(m, signature, "reports/june.md")
	if err != nil {
		fmt.Println(err)
		return
	}
	// Whoever has the proof, the file and the public key needs nothing else.
	fmt.Println(len(proof.Path), "hashes:", proof.Verify(strings.NewReader("# june\n"), public))
	fmt.Println(proof.Verify(strings.NewReader("# June 2\n"), public))
	// Output:
	// 2 hashes: <nil>
	// evidence: "reports/june.md" has more than its 7 bytes
}
