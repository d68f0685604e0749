package evidence

import (
	"archive/zip"
	"bytes"
	"cmp"
	"crypto"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
)

// Bundle is what is to be written as one: files, what is to be said of them, and
// who signs.
type Bundle struct {
	Manifest Manifest // its Version, Files and Root are set when it is written
	Files    []File
	Signer   crypto.Signer // of an Ed25519 key; it may live in a key store
}

// File is one file to write. It is opened twice, first for the manifest, then
// to be written, and must hold the same both times.
type File struct {
	Name      string // "answers/111122223333.jsonl"
	MediaType string
	Open      func() (io.ReadCloser, error)
}

// Bytes is a file that is in memory.
func Bytes(name, mediaType string, b []byte) File {
	return File{name, mediaType, func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }}
}

// WriteDir writes the bundle into a directory, which must not have any of its
// files. Nothing outside of the directory is touched. An error leaves the files
// written so far, and no bundle that verifies.
func (b Bundle) WriteDir(dir *os.Root) (Manifest, error) {
	return b.write(func(name string) (io.WriteCloser, error) {
		if d := path.Dir(name); d != "." {
			if err := dir.MkdirAll(d, 0o700); err != nil {
				return nil, err
			}
		}
		return dir.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	})
}

// WriteZip writes the bundle as a zip archive: entries sorted by name, stored,
// without times. The same bundle gives the same bytes.
func (b Bundle) WriteZip(w io.Writer) (Manifest, error) {
	z := zip.NewWriter(w)
	m, err := b.write(zipEntries(z))
	if err != nil {
		return Manifest{}, err
	}
	return m, z.Close()
}

func zipEntries(z *zip.Writer) func(name string) (io.WriteCloser, error) {
	return func(name string) (io.WriteCloser, error) {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		return nopCloser{w}, err
	}
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

func (b Bundle) write(create func(name string) (io.WriteCloser, error)) (Manifest, error) {
	m := b.Manifest
	m.Version, m.Root, m.Files = manifestVersion, "", make([]FileEntry, 0, len(b.Files))
	m.Started, m.Ended = m.Started.UTC(), m.Ended.UTC()
	files := slices.Clone(b.Files)
	slices.SortFunc(files, func(x, y File) int { return cmp.Compare(x.Name, y.Name) })
	for _, f := range files {
		entry, err := f.copy(io.Discard)
		if err != nil {
			return Manifest{}, err
		}
		m.Files = append(m.Files, entry)
	}
	if err := m.check(); err != nil {
		return Manifest{}, fmt.Errorf("evidence: %w", err)
	}
	root := merkleRoot(m.leaves())
	m.Root = hex.EncodeToString(root[:])
	manifest := canonical(m)
	// What the caller put into the manifest must be read again as it was meant.
	m, err := ParseManifest(manifest)
	if err != nil {
		return Manifest{}, err
	}
	signature, err := sign(root, b.Signer)
	if err != nil {
		return Manifest{}, err
	}
	files = append(files, Bytes(ManifestName, "", manifest), Bytes(SignatureName, "", canonical(signature)))
	slices.SortFunc(files, func(x, y File) int { return cmp.Compare(x.Name, y.Name) })
	for _, f := range files {
		if err := f.writeTo(create, m); err != nil {
			return Manifest{}, err
		}
	}
	return m, nil
}

func (f File) writeTo(create func(name string) (io.WriteCloser, error), m Manifest) error {
	w, err := create(f.Name)
	if err != nil {
		return fmt.Errorf("evidence: creating %q: %w", f.Name, err)
	}
	entry, err := f.copy(w)
	if err = errors.Join(err, w.Close()); err != nil {
		return err
	}
	if i, listed := m.find(f.Name); listed && m.Files[i] != entry {
		return fmt.Errorf("evidence: %q changed while it was being written", f.Name)
	}
	return nil
}

// copy copies the file and says what it is.
func (f File) copy(w io.Writer) (FileEntry, error) {
	if f.Open == nil {
		return FileEntry{}, fmt.Errorf("evidence: file %q has nothing to open", f.Name)
	}
	r, err := f.Open()
	if err != nil {
		return FileEntry{}, fmt.Errorf("evidence: opening %q: %w", f.Name, err)
	}
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(h, w), r)
	if err = errors.Join(err, r.Close()); err != nil {
		return FileEntry{}, fmt.Errorf("evidence: copying %q: %w", f.Name, err)
	}
	return FileEntry{f.Name, f.MediaType, n, hex.EncodeToString(h.Sum(nil))}, nil
}

// find gives the place of a file in the list.
func (m Manifest) find(name string) (int, bool) {
	return slices.BinarySearchFunc(m.Files, name, func(f FileEntry, name string) int { return cmp.Compare(f.Name, name) })
}
