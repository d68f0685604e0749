package evidence_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/awsposture/posture/compliance/evidence"
)

func TestHostileArchives(t *testing.T) {
	whole := archived(t, small())
	z, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		edit func(w *zip.Writer, f *zip.File, content []byte) error
		want string
	}{
		"climbing": {func(w *zip.Writer, f *zip.File, content []byte) error {
			return put(w, &zip.FileHeader{Name: strings.Replace(f.Name, "findings", "../findings", 1)}, content)
		}, "relative path"},
		"absolute": {func(w *zip.Writer, f *zip.File, content []byte) error {
			return put(w, &zip.FileHeader{Name: strings.Replace(f.Name, "findings", "/findings", 1)}, content)
		}, "relative path"},
		"backslash": {func(w *zip.Writer, f *zip.File, content []byte) error {
			return put(w, &zip.FileHeader{Name: strings.Replace(f.Name, "answers/", `answers\`, 1)}, content)
		}, "not a letter"},
		"twice": {func(w *zip.Writer, f *zip.File, content []byte) error {
			if f.Name == "findings.jsonl" {
				if err := put(w, &zip.FileHeader{Name: f.Name}, []byte("other")); err != nil {
					return err
				}
			}
			return put(w, &zip.FileHeader{Name: f.Name}, content)
		}, `"findings.jsonl" is there twice`},
		"link": {func(w *zip.Writer, f *zip.File, content []byte) error {
			h := &zip.FileHeader{Name: f.Name}
			if f.Name == "findings.jsonl" {
				h.SetMode(fs.ModeSymlink | 0o777)
			}
			return put(w, h, content)
		}, `"findings.jsonl" is not a plain`},
		"directory": {func(w *zip.Writer, f *zip.File, content []byte) error {
			if f.Name == "answers/111122223333.jsonl" {
				if err := put(w, &zip.FileHeader{Name: "answers/"}, nil); err != nil {
					return err
				}
			}
			return put(w, &zip.FileHeader{Name: f.Name}, content)
		}, "relative path"},
		"compressed": {func(w *zip.Writer, f *zip.File, content []byte) error {
			return put(w, &zip.FileHeader{Name: f.Name, Method: zip.Deflate}, content)
		}, "not a plain"},
		"with a comment": {func(w *zip.Writer, f *zip.File, content []byte) error {
			return put(w, &zip.FileHeader{Name: f.Name, Comment: "x"}, content)
		}, "in its directory"},
		"with times": {func(w *zip.Writer, f *zip.File, content []byte) error {
			return put(w, &zip.FileHeader{Name: f.Name, Modified: now}, content)
		}, "not as it was written"},
	} {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for _, f := range z.File {
			content, err := fs.ReadFile(z, f.Name)
			if err != nil {
				t.Fatal(err)
			}
			if err := tt.edit(w, f, content); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := evidence.VerifyZip(bytes.NewReader(b.Bytes()), int64(b.Len()), publicKey()); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v", name, err)
		}
		again, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
		if err != nil {
			t.Fatal(err)
		}
		// As a file system, too, a name that is there twice is none.
		if _, err := evidence.Verify(again, publicKey()); name == "twice" && (err == nil || !strings.Contains(err.Error(), "findings.jsonl")) {
			t.Errorf("%s, as a file system: %v", name, err)
		}
	}
}

func put(w *zip.Writer, h *zip.FileHeader, content []byte) error {
	f, err := w.CreateHeader(h)
	if err == nil && !strings.HasSuffix(h.Name, "/") {
		_, err = f.Write(content)
	}
	return err
}

func TestHostileDirectories(t *testing.T) {
	for name, tt := range map[string]struct {
		edit func(path string) error
		want string
	}{
		"link to the same": {func(p string) error {
			return errs(os.Rename(p+"/findings.jsonl", p+"/../kept"), os.Symlink("../kept", p+"/findings.jsonl"))
		}, `"findings.jsonl" is not a regular file`},
		"linked manifest": {func(p string) error {
			return errs(os.Rename(p+"/manifest.json", p+"/../kept"), os.Symlink("../kept", p+"/manifest.json"))
		}, `"manifest.json" is not a regular file`},
		"linked directory": {func(p string) error {
			return errs(os.Rename(p+"/answers", p+"/../kept"), os.Symlink("../kept", p+"/answers"))
		}, `"answers" is not a regular file`},
		"link beside":     {func(p string) error { return os.Symlink("/dev/zero", p+"/more") }, `"more" is not a regular file`},
		"directory":       {func(p string) error { return os.Mkdir(p+"/more", 0o700) }, `"more" is not a file of the bundle`},
		"not a file":      {func(p string) error { return errs(os.Remove(p+"/a"), os.Mkdir(p+"/a", 0o700)) }, `"a" is not a file of the bundle`},
		"huge manifest":   {func(p string) error { return os.Truncate(p+"/manifest.json", 1<<40) }, "manifest.json"},
		"huge signature":  {func(p string) error { return os.Truncate(p+"/signature.json", 1<<40) }, `"signature.json" is larger than`},
		"huge file":       {func(p string) error { return os.Truncate(p+"/empty", 1<<40) }, `"empty" has more than its 0 bytes`},
		"nothing":         {func(p string) error { return os.RemoveAll(p) }, "manifest.json"},
		"unreadable file": {func(p string) error { return errs(os.Remove(p+"/a.b"), os.Mkdir(p+"/a.b", 0)) }, `"a.b"`},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "bundle")
			if err := os.Mkdir(path, 0o700); err != nil {
				t.Fatal(err)
			}
			dir, err := os.OpenRoot(path)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = dir.Close() })
			if _, err := small().WriteDir(dir); err != nil {
				t.Fatal(err)
			}
			if _, err := evidence.Verify(dir.FS(), publicKey()); err != nil {
				t.Fatal(err)
			}
			if err := tt.edit(path); err != nil {
				t.Fatal(err)
			}
			for _, fsys := range []fs.FS{os.DirFS(path), dir.FS()} {
				if _, err := evidence.Verify(fsys, publicKey()); err == nil || !strings.Contains(err.Error(), tt.want) {
					t.Errorf("%T: %v", fsys, err)
				}
			}
		})
	}
}

func errs(all ...error) error {
	for _, err := range all {
		if err != nil {
			return err
		}
	}
	return nil
}

// TestHostileAnswers gives what nobody but an attacker sends. It must be
// withheld, soon, and without taking the process down.
func TestHostileAnswers(t *testing.T) {
	many := strings.Builder{}
	for i := range 20_000 {
		fmt.Fprintf(&many, `,{"Password":"secret number %d"}`, i)
	}
	for name, answer := range map[string]string{
		"deep XML":     strings.Repeat("<a>", 2_000_000) + strings.Repeat("</a>", 2_000_000),
		"deep JSON":    strings.Repeat("[", 2_000_000) + strings.Repeat("]", 2_000_000),
		"many secrets": "[0" + many.String() + "]",
		"entities":     `<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>`,
	} {
		recording, text := recordCall(t, call{service: "X", answer: answer}, &evidence.Recorder{Account: place.Account})
		if e := recording.Exchanges[0]; e.Answer.Withheld != "unreadable" || strings.Contains(text, "secret number") {
			t.Errorf("%s: %.200s", name, text)
		}
	}
}

// TestWriteDirStaysInside writes into a directory that somebody has prepared
// with a link that leads out.
func TestWriteDirStaysInside(t *testing.T) {
	outside, path := t.TempDir(), t.TempDir()
	if err := os.Symlink(outside, path+"/answers"); err != nil {
		t.Fatal(err)
	}
	dir, err := os.OpenRoot(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = dir.Close() })
	if _, err := small().WriteDir(dir); err == nil {
		t.Error("written through a link that leads out")
	}
	if left, err := os.ReadDir(outside); err != nil || len(left) > 0 {
		t.Errorf("%v, %v", left, err)
	}
}

func TestLargeBodies(t *testing.T) {
	large := `{"a":"` + strings.Repeat("x", 5000) + `"}`
	recording, _ := recordCall(t, call{service: "X", contentType: jsonType, body: large, answer: large}, &evidence.Recorder{Account: place.Account, MaxBody: 1000})
	if e := recording.Exchanges[0]; e.Answer.Withheld != "too-large" || e.Body.Withheld != "too-large" || e.Answer.Text != "" {
		t.Errorf("%+v", e)
	}
}
