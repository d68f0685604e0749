package evidence_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/awsposture/posture/compliance/evidence"
	"github.com/awsposture/posture/iam"
)

// BenchmarkListUsers is one page of 1,000 users through the real client, without
// a network: the difference is what recording costs.
func BenchmarkListUsers(b *testing.B) {
	var page strings.Builder
	page.WriteString("<ListUsersResponse><ListUsersResult><Users>")
	for i := range 1000 {
		fmt.Fprintf(&page, "<member><Path>/</Path><UserName>user%d</UserName><UserId>AIDAEXAMPLE%08d</UserId><Arn>arn:aws:iam::111122223333:user/user%d</Arn><CreateDate>2026-01-01T00:00:00Z</CreateDate></member>", i, i, i)
	}
	page.WriteString("</Users><IsTruncated>false</IsTruncated></ListUsersResult></ListUsersResponse>")
	answer := page.String()
	server := queryServer{URL: "http://iam.example.com"}
	cfg := server.config()
	cfg.HTTPClient = doer(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"text/xml"}}, Body: io.NopCloser(strings.NewReader(answer))}, nil
	})
	list := func(b *testing.B, client *sdk.Client) {
		out, err := client.ListUsers(b.Context(), &sdk.ListUsersInput{})
		if err != nil || len(out.Users) != 1000 {
			b.Fatal(err)
		}
	}
	run := func(name string, cfg func() aws.Config) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(answer)))
			for b.Loop() {
				list(b, iam.Client(cfg(), place))
			}
		})
	}
	run("plain", func() aws.Config { return cfg })
	run("recorded", func() aws.Config { return (&evidence.Recorder{Account: place.Account}).Config(cfg) })
	recorder := &evidence.Recorder{Account: place.Account}
	list(b, iam.Client(recorder.Config(cfg), place))
	recording := recorder.Recording()
	run("replayed", func() aws.Config { return evidence.NewPlayer(recording).Config() })
}

// BenchmarkVerify10000 verifies a bundle of 10,000 files of 4 KiB.
func BenchmarkVerify10000(b *testing.B) {
	bundle := evidence.Bundle{Manifest: head(), Signer: key}
	for i := range 10_000 {
		bundle.Files = append(bundle.Files, evidence.Bytes(fmt.Sprintf("answers/%02d/%05d.json", i%100, i), "application/json", bytes.Repeat([]byte{byte(i)}, 4096)))
	}
	archive := archived(b, bundle)
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		b.Fatal(err)
	}
	b.Run("files", func(b *testing.B) {
		b.SetBytes(10_000 * 4096)
		for b.Loop() {
			if _, err := evidence.Verify(z, publicKey()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("archive", func(b *testing.B) {
		b.SetBytes(10_000 * 4096)
		for b.Loop() {
			if _, err := evidence.VerifyZip(bytes.NewReader(archive), int64(len(archive)), publicKey()); err != nil {
				b.Fatal(err)
			}
		}
	})
	m, err := evidence.Verify(z, publicKey())
	if err != nil {
		b.Fatal(err)
	}
	s, err := evidence.ReadSignature(z)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("prove", func(b *testing.B) {
		for b.Loop() {
			if _, err := evidence.Prove(m, s, "answers/42/00042.json"); err != nil {
				b.Fatal(err)
			}
		}
	})
}
