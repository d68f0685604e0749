package evidence_test

import (
	"archive/zip"
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance/evidence"
)

// key is made from a fixed seed: bundles of tests are the same each time.
var key = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))

func publicKey() ed25519.PublicKey { return key.Public().(ed25519.PublicKey) }

func head() evidence.Manifest {
	return evidence.Manifest{
		Run: "2026-06", Started: now, Ended: now, Caller: "arn:aws:sts::111122223333:assumed-role/auditor/ana",
		Declared: []posture.Place{place}, Reached: []posture.Place{place}, Rules: strings.Repeat("ab", 32),
		Tool: evidence.Tool{Go: "go1.26.0", Program: "example.com/audit", Modules: []evidence.Module{{Path: "example.com/audit", Version: "v1.0.0"}}},
	}
}

// small is a bundle with something in every corner: an empty file, a deep
// directory, names that are one another's beginnings.
func small() evidence.Bundle {
	b := evidence.Bundle{Manifest: head(), Signer: key}
	for _, name := range []string{"findings.jsonl", "parameters.jsonl", "a", "a.b", "a-b/c", "zz/deep/er/file.txt", "answers/111122223333.jsonl", "answers/444455556666.jsonl", "empty", "reports/index.html"} {
		content := strings.Repeat(name+"\n", len(name)*2)
		if name == "empty" {
			content = ""
		}
		b.Files = append(b.Files, evidence.Bytes(name, "text/plain", []byte(content)))
	}
	return b
}

func archived(t testing.TB, b evidence.Bundle) []byte {
	t.Helper()
	var out bytes.Buffer
	if _, err := b.WriteZip(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// files is the bundle as a file system in memory.
func files(t testing.TB, b evidence.Bundle) fstest.MapFS {
	t.Helper()
	archive := archived(t, b)
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	m := fstest.MapFS{}
	for _, f := range z.File {
		content, err := fs.ReadFile(z, f.Name)
		if err != nil {
			t.Fatal(err)
		}
		m[f.Name] = &fstest.MapFile{Data: content}
	}
	return m
}

func TestBundleOfAScan(t *testing.T) {
	recorder := &evidence.Recorder{Account: place.Account, Now: clock}
	results := scan(t, recorder.Config(serve(t, account()).config()))
	b := evidence.Bundle{Manifest: head(), Signer: key, Files: []evidence.File{recorder.Recording().File(), evidence.Findings(results), evidence.Parameters(results)}}
	path := t.TempDir()
	dir, err := os.OpenRoot(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = dir.Close() })
	wrote, err := b.WriteDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	fsys := os.DirFS(path)
	m, err := evidence.Verify(fsys, publicKey())
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(m) != fmt.Sprint(wrote) || len(m.Files) != 3 || m.Caller != head().Caller {
		t.Errorf("%+v", m)
	}
	// Judged again from the bundle alone, it must be what the bundle says.
	kept, err := evidence.OpenRecording(fsys, place.Account)
	if err != nil {
		t.Fatal(err)
	}
	again, err := evidence.Findings(scan(t, evidence.NewPlayer(kept).Config())).Open()
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(slow{again})
	if err != nil {
		t.Fatal(err)
	}
	want, err := fs.ReadFile(fsys, "findings.jsonl")
	if err != nil || !bytes.Equal(text, want) || len(want) == 0 {
		t.Errorf("judged again it says something else: %v", err)
	}
	params, err := fs.ReadFile(fsys, "parameters.jsonl")
	if err != nil || bytes.Count(params, []byte("\n")) != len(results) || !bytes.Contains(params, []byte(`{"control":"iam.access-key-age","place":{"partition":"aws","account":"111122223333"},"params":[{"name":"max-age","value":"90"`)) {
		t.Errorf("%v\n%s", err, params)
	}
	if _, err := b.WriteDir(dir); err == nil || !errors.Is(err, fs.ErrExist) {
		t.Errorf("written over another bundle: %v", err)
	}
	if _, err := evidence.OpenRecording(fsys, "../../etc/passwd"); err == nil {
		t.Error("read outside of the bundle")
	}
}

func TestSameBundleSameBytes(t *testing.T) {
	b := small()
	first := archived(t, b)
	for i, j := 0, len(b.Files)-1; i < j; i, j = i+1, j-1 {
		b.Files[i], b.Files[j] = b.Files[j], b.Files[i]
	}
	if !bytes.Equal(first, archived(t, b)) {
		t.Error("another order of files gives other bytes")
	}
	sum := sha256.Sum256(first)
	// A bundle written by one release must be written the same by the next, or the format's version rises.
	if got := hex.EncodeToString(sum[:8]); got != "2aee7ff12137281a" {
		t.Errorf("the archive's hash is %s", got)
	}
	if _, err := evidence.VerifyZip(bytes.NewReader(first), int64(len(first)), publicKey()); err != nil {
		t.Error(err)
	}
}

func TestNamesThatAreRefused(t *testing.T) {
	for name, want := range map[string]string{
		"../x": "relative path", "/etc/passwd": "relative path", "a//b": "relative path", "a/../b": "relative path", "": "relative path", ".": "dot",
		`a\b`: "not a letter", "a:b": "not a letter", "a b": "not a letter", "a\x00": "not a letter", "é": "not a letter", "a\n": "not a letter",
		".hidden": "dot", "a/b.": "dot", "con": "device", "x/NUL.txt": "device", "com1": "device", strings.Repeat("a", 256): "at most 255",
		"manifest.json": "has the name of", "Signature.JSON": "has the name of", "A": "has the name of", "a/x": "file and a directory", "ANSWERS/x": "upper and lower case", "findings.jsonl": "twice",
	} {
		b := small()
		b.Files = append(b.Files, evidence.Bytes(name, "", nil))
		if _, err := b.WriteZip(io.Discard); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

type faultySigner struct {
	crypto.Signer
	err error
}

func (s faultySigner) Sign(rand io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	if s.err != nil {
		return nil, s.err
	}
	return make([]byte, ed25519.SignatureSize), nil
}

func TestBundlesThatAreNotWritten(t *testing.T) {
	unavailable := errors.New("the key store is unavailable")
	opened := 0
	changing := evidence.File{Name: "log", Open: func() (io.ReadCloser, error) {
		opened++
		return io.NopCloser(strings.NewReader(fmt.Sprint("line ", opened))), nil
	}}
	for name, tt := range map[string]struct {
		edit func(*evidence.Bundle)
		want string
	}{
		"no signer":        {func(b *evidence.Bundle) { b.Signer = nil }, "no signer"},
		"signer fails":     {func(b *evidence.Bundle) { b.Signer = faultySigner{key, unavailable} }, "the key store is unavailable"},
		"signer errs":      {func(b *evidence.Bundle) { b.Signer = faultySigner{key, nil} }, "the signature is not valid"},
		"file changes":     {func(b *evidence.Bundle) { b.Files = append(b.Files, changing) }, `"log" changed while`},
		"file has no Open": {func(b *evidence.Bundle) { b.Files = append(b.Files, evidence.File{Name: "x"}) }, `"x" has nothing to open`},
		"file fails": {func(b *evidence.Bundle) {
			b.Files = append(b.Files, evidence.File{Name: "x", Open: func() (io.ReadCloser, error) { return nil, fs.ErrPermission }})
		}, `opening "x"`},
		"finding that does not encode": {func(b *evidence.Bundle) {
			b.Files = append(b.Files, evidence.Findings([]posture.Result{{Findings: []posture.Finding{{Control: "iam.x", Status: 99}}}}))
		}, "finding of iam.x"},
		"impossible time": {func(b *evidence.Bundle) { b.Manifest.Started = now.AddDate(9000, 0, 0) }, "manifest.json"},
	} {
		b := small()
		tt.edit(&b)
		if _, err := b.WriteZip(io.Discard); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := (evidence.Bundle{Signer: key}).WriteZip(io.Discard); err != nil {
		t.Errorf("an empty bundle: %v", err)
	}
}

func TestFollows(t *testing.T) {
	first, err := small().WriteZip(io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	b := small()
	b.Manifest.Run, b.Manifest.Previous, b.Manifest.Started, b.Manifest.Ended = "2026-07", first.Root, first.Ended, first.Ended
	second, err := b.WriteZip(io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if err := second.Follows(first); err != nil {
		t.Error(err)
	}
	for what, previous := range map[string]evidence.Manifest{"itself": second, "none": {}, "later": {Root: first.Root, Ended: second.Started.AddDate(0, 0, 1)}} {
		if second.Follows(previous) == nil {
			t.Errorf("follows %s", what)
		}
	}
	if (evidence.Manifest{}).Follows(evidence.Manifest{}) == nil {
		t.Error("nothing follows nothing")
	}
}

func TestTool(t *testing.T) {
	tool := evidence.ThisTool()
	if tool.Go == "" {
		t.Error("no Go version")
	}
	for _, m := range tool.Modules {
		if strings.HasPrefix(m.Path, "/") || strings.HasPrefix(m.Path, ".") {
			t.Errorf("%+v is a path of the machine", m)
		}
	}
}
