package evidence

import (
	"archive/zip"
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
)

// How large the two files may be that are read before anything is known of the
// bundle.
const (
	maxSignature = 4 << 10
	maxManifest  = 64 << 20 // some 300,000 files
)

// Verify checks a bundle offline against the signer's public key: the form of
// its manifest, the root, the signature; that no file, directory or link is
// there that the manifest does not list, and none lacks; every file's size and
// hash. The error names the first thing wrong, in this order. The manifest is
// given only where there is none.
//
// A zip archive is for VerifyZip: package zip shows entries under other names
// than the archive has, without "..", say.
//
// What was verified is what fsys gave then: who reads a file later from a place
// that others can write to, compares it with FileEntry.SHA256 again.
func Verify(fsys fs.FS, key ed25519.PublicKey) (Manifest, error) {
	b, err := readSmall(fsys, ManifestName, maxManifest)
	if err != nil {
		return Manifest{}, err
	}
	m, err := ParseManifest(b)
	if err != nil {
		return Manifest{}, err
	}
	s, err := ReadSignature(fsys)
	if err != nil {
		return Manifest{}, err
	}
	if err := s.verify(merkleRoot(m.leaves()), key); err != nil {
		return Manifest{}, fmt.Errorf("evidence: %s: %w", SignatureName, err)
	}
	if err := m.onlyListed(fsys); err != nil {
		return Manifest{}, err
	}
	for _, f := range m.Files {
		if err := f.verify(fsys); err != nil {
			return Manifest{}, err
		}
	}
	return m, nil
}

// VerifyZip is Verify for a zip archive. The archive must be, to the byte, what
// WriteZip writes: no entry under another name, nothing between or behind the
// entries, so that every program that unpacks it gets what was verified.
func VerifyZip(r io.ReaderAt, size int64, key ed25519.PublicKey) (Manifest, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return Manifest{}, fmt.Errorf("evidence: archive: %w", err)
	}
	for i, f := range z.File {
		switch {
		case f.Name != ManifestName && f.Name != SignatureName && checkName(f.Name) != nil:
			return Manifest{}, fmt.Errorf("evidence: archive: %w", checkName(f.Name))
		case i > 0 && f.Name == z.File[i-1].Name:
			return Manifest{}, fmt.Errorf("evidence: archive: %q is there twice", f.Name)
		case i > 0 && f.Name < z.File[i-1].Name:
			return Manifest{}, fmt.Errorf("evidence: archive: %q stands behind %q", f.Name, z.File[i-1].Name)
		case !f.Mode().IsRegular() || f.Method != zip.Store:
			return Manifest{}, fmt.Errorf("evidence: archive: %q is not a plain, stored file", f.Name)
		}
	}
	m, err := Verify(z, key)
	if err != nil {
		return Manifest{}, err
	}
	same := &comparer{r: io.NewSectionReader(r, 0, size)}
	again := zip.NewWriter(same)
	create, buffer := zipEntries(again), make([]byte, 64<<10)
	for _, f := range z.File {
		w, err := create(f.Name)
		if err != nil {
			return Manifest{}, fmt.Errorf("evidence: archive: at %q: %w", f.Name, err)
		}
		content, err := f.Open()
		if err != nil {
			return Manifest{}, fmt.Errorf("evidence: archive: %q: %w", f.Name, err)
		}
		_, err = io.CopyBuffer(w, content, buffer)
		if err = errors.Join(err, content.Close(), again.Flush()); err != nil {
			return Manifest{}, fmt.Errorf("evidence: archive: at %q: %w", f.Name, err)
		}
	}
	if err := again.Close(); err != nil {
		return Manifest{}, fmt.Errorf("evidence: archive: in its directory: %w", err)
	}
	if n, err := same.r.Read(make([]byte, 1)); n > 0 || err != io.EOF {
		return Manifest{}, errors.New("evidence: archive: something stands behind its end")
	}
	return m, nil
}

// comparer takes only what r has next.
type comparer struct {
	r    io.Reader
	at   int64
	have []byte
}

func (c *comparer) Write(b []byte) (int, error) {
	c.have = slices.Grow(c.have[:0], len(b))[:len(b)]
	n, err := io.ReadFull(c.r, c.have)
	if !bytes.Equal(c.have[:n], b[:n]) || err != nil {
		return 0, fmt.Errorf("from byte %d on it is not as it was written", c.at)
	}
	c.at += int64(n)
	return n, nil
}

// readSmall reads a file of which nothing is known yet.
func readSmall(fsys fs.FS, name string, limit int64) ([]byte, error) {
	f, err := openRegular(fsys, name)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("evidence: reading %q: %w", name, err)
	}
	if int64(len(b)) > limit {
		return nil, fmt.Errorf("evidence: %q is larger than %d bytes", name, limit)
	}
	return b, nil
}

// openRegular opens a file that is neither a link nor a device.
func openRegular(fsys fs.FS, name string) (fs.File, error) {
	// A file system that has links tells them here, before anything follows one.
	info, err := fs.Lstat(fsys, name)
	if err != nil {
		return nil, fmt.Errorf("evidence: %q: %w", name, err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("evidence: %q is not a regular file but %s", name, info.Mode().Type())
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, fmt.Errorf("evidence: %q: %w", name, err)
	}
	return f, nil
}

// onlyListed finds what the manifest does not list.
func (m Manifest) onlyListed(fsys fs.FS) error {
	dirs := map[string]bool{".": true}
	for _, f := range m.Files {
		for dir := path.Dir(f.Name); !dirs[dir]; dir = path.Dir(dir) {
			dirs[dir] = true
		}
	}
	seen := map[string]bool{}
	return fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		_, listed := m.find(name)
		switch {
		case err != nil:
			return fmt.Errorf("evidence: %q: %w", name, err)
		case seen[name]:
			return fmt.Errorf("evidence: %q is there twice", name)
		case d.IsDir() && dirs[name]:
		case !d.IsDir() && !d.Type().IsRegular():
			return fmt.Errorf("evidence: %q is not a regular file but %s", name, d.Type())
		case !d.IsDir() && (listed || name == ManifestName || name == SignatureName):
		default:
			return fmt.Errorf("evidence: %q is %w", name, errNotOneOf)
		}
		seen[name] = true
		return nil
	})
}

// verify compares a file's size and content with its entry. It reads no more
// than the entry's size.
func (f FileEntry) verify(fsys fs.FS) error {
	r, err := openRegular(fsys, f.Name)
	if err != nil {
		return err
	}
	err = f.verifyContent(r)
	return errors.Join(err, r.Close())
}

func (f FileEntry) verifyContent(r io.Reader) error {
	h := sha256.New()
	n, err := io.Copy(h, io.LimitReader(r, f.Size))
	if err != nil {
		return fmt.Errorf("evidence: reading %q: %w", f.Name, err)
	}
	if n < f.Size {
		return fmt.Errorf("evidence: %q has %d bytes, not %d", f.Name, n, f.Size)
	}
	if more, err := io.ReadFull(r, make([]byte, 1)); more > 0 {
		return fmt.Errorf("evidence: %q has more than its %d bytes", f.Name, f.Size)
	} else if err != io.EOF {
		return fmt.Errorf("evidence: reading %q: %w", f.Name, err)
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != f.SHA256 {
		return fmt.Errorf("evidence: %q was changed: its SHA-256 is %s, not %s", f.Name, got, f.SHA256)
	}
	return nil
}
