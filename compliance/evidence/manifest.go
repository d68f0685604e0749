package evidence

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"runtime/debug"
	"strings"
	"time"

	"github.com/awsposture/posture"
)

// manifestVersion is the version of the form of manifests, bundles and proofs.
const manifestVersion = 1

// The names of the two files of a bundle that its manifest does not list.
const (
	ManifestName  = "manifest.json"
	SignatureName = "signature.json"
)

// Manifest says what a bundle is and lists its files. Version, Files and Root
// are set when the bundle is written; everything else is the caller's.
type Manifest struct {
	Version int    `json:"version"`
	Run     string `json:"run"` // the caller's id of the assessment

	// Started and Ended are when the answers were given, by AWS's clock, UTC; an
	// evaluation that depends on the time is repeated with Started.
	Started time.Time `json:"started"`
	Ended   time.Time `json:"ended"`
	Caller  string    `json:"caller,omitempty"` // ARN, as GetCallerIdentity gives it

	// Declared is the scope that was meant, Reached what of it was read.
	Declared []posture.Place `json:"declared,omitempty"`
	Reached  []posture.Place `json:"reached,omitempty"`

	Tool  Tool   `json:"tool,omitzero"`
	Rules string `json:"rules,omitempty"` // RulesHash of the recordings

	Previous  string `json:"previous,omitempty"`  // Root of the bundle before this one: see Follows
	Retention string `json:"retention,omitempty"` // the owner's class
	LegalHold bool   `json:"legalHold,omitempty"`

	Files []FileEntry `json:"files"`
	Root  string      `json:"root"` // hex
}

// FileEntry is one file of a bundle.
type FileEntry struct {
	Name      string `json:"name"` // slash-separated, relative
	MediaType string `json:"mediaType,omitempty"`
	Size      int64  `json:"size"`
	SHA256    string `json:"sha256"` // hex
}

// Tool is what made the judgement. ThisTool fills it in.
type Tool struct {
	Go      string   `json:"go,omitempty"`
	Program string   `json:"program,omitempty"` // main package path
	Modules []Module `json:"modules,omitempty"` // main module first, then what it was built with
}

// Module is one Go module in the program.
type Module struct {
	Path    string `json:"path"`
	Version string `json:"version,omitempty"`
	Sum     string `json:"sum,omitempty"` // as go.sum has it
}

// ThisTool describes the running program as its build recorded it: Go version,
// modules with their versions and sums. It holds no path of the machine.
func ThisTool() Tool {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return Tool{}
	}
	t := Tool{Go: info.GoVersion, Program: info.Path}
	add := func(m *debug.Module) {
		if m.Replace != nil && m.Replace.Version != "" {
			m = m.Replace
		}
		t.Modules = append(t.Modules, Module{m.Path, m.Version, m.Sum})
	}
	if info.Main.Path != "" {
		add(&info.Main)
	}
	for _, m := range info.Deps {
		add(m)
	}
	return t
}

// Follows checks that m is of the bundle made after previous: m names its root,
// and begins no earlier than it ended. Both are to be verified first. What is
// between previous.Ended and m.Started was not looked at.
func (m Manifest) Follows(previous Manifest) error {
	switch {
	case m.Previous == "" || m.Previous != previous.Root:
		return fmt.Errorf("evidence: run %q follows the root %q, not %q of run %q", m.Run, m.Previous, previous.Root, previous.Run)
	case m.Started.Before(previous.Ended):
		return fmt.Errorf("evidence: run %q began at %s, before run %q ended at %s", m.Run, m.Started.Format(time.RFC3339), previous.Run, previous.Ended.Format(time.RFC3339))
	}
	return nil
}

// leaves are the hashes of the tree's leaves: the manifest without its list and
// root, then every file. Each begins with a word for its kind.
func (m Manifest) leaves() []hash {
	head := m
	head.Files, head.Root = nil, ""
	leaves := make([]hash, 0, 1+len(m.Files))
	leaves = append(leaves, leafHash(append([]byte("head "), canonical(head)...)))
	for _, f := range m.Files {
		leaves = append(leaves, f.leaf())
	}
	return leaves
}

func (f FileEntry) leaf() hash { return leafHash(append([]byte("file "), canonical(f)...)) }

// ParseManifest reads a manifest as a bundle holds it. Another spelling of the
// same content is an error, and so are names that are out of order, twice there,
// or unfit, and a root that is not that of the content.
func ParseManifest(b []byte) (Manifest, error) {
	var m Manifest
	if err := decodeCanonical(b, &m); err != nil {
		return Manifest{}, fmt.Errorf("evidence: %s: %w", ManifestName, err)
	}
	if m.Version != manifestVersion {
		return Manifest{}, fmt.Errorf("evidence: %s: version %d is not version %d, which this library reads", ManifestName, m.Version, manifestVersion)
	}
	if err := m.check(); err != nil {
		return Manifest{}, fmt.Errorf("evidence: %s: %w", ManifestName, err)
	}
	if root := merkleRoot(m.leaves()); m.Root != hex.EncodeToString(root[:]) {
		return Manifest{}, fmt.Errorf("evidence: %s: root %.64q is not that of its content", ManifestName, m.Root)
	}
	return m, nil
}

// check looks at the list of files.
func (m Manifest) check() error {
	folded := map[string]string{ManifestName: ManifestName, SignatureName: SignatureName}
	dirs := map[string]string{}
	for i, f := range m.Files {
		if err := checkName(f.Name); err != nil {
			return err
		}
		if i > 0 && f.Name <= m.Files[i-1].Name {
			if f.Name == m.Files[i-1].Name {
				return fmt.Errorf("file %q is there twice", f.Name)
			}
			return fmt.Errorf("file %q stands behind %q", f.Name, m.Files[i-1].Name)
		}
		// On some systems two such names are one file.
		if other, ok := folded[strings.ToLower(f.Name)]; ok {
			return fmt.Errorf("file %q has the name of %q, but for upper and lower case", f.Name, other)
		}
		folded[strings.ToLower(f.Name)] = f.Name
		for dir := path.Dir(f.Name); dir != "."; dir = path.Dir(dir) {
			if other, ok := dirs[strings.ToLower(dir)]; ok && other != dir {
				return fmt.Errorf("directory %q has the name of %q, but for upper and lower case", dir, other)
			}
			dirs[strings.ToLower(dir)] = dir
		}
		if f.Size < 0 {
			return fmt.Errorf("file %q has the size %d", f.Name, f.Size)
		}
		if sum, err := hex.DecodeString(f.SHA256); err != nil || len(sum) != sha256.Size || hex.EncodeToString(sum) != f.SHA256 {
			return fmt.Errorf("file %q has no SHA-256 in lower-case hexadecimal", f.Name)
		}
	}
	for lower, dir := range dirs {
		if f, ok := folded[lower]; ok {
			return fmt.Errorf("%q is a file and a directory, %q", f, dir)
		}
	}
	return nil
}

const (
	maxName     = 255
	nameLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._@=+-"
)

// checkName takes names that every system and archive takes as they are:
// relative, slash-separated, of letters, digits and "._@=+-", no part of it
// beginning or ending with a dot, nor one that Windows keeps for a device.
func checkName(name string) error {
	if name == "" || len(name) > maxName || !fs.ValidPath(name) {
		return fmt.Errorf("file name %.80q is not a relative path of at most %d bytes", name, maxName)
	}
	for _, part := range strings.Split(name, "/") {
		if part[0] == '.' || part[len(part)-1] == '.' {
			return fmt.Errorf("file name %.80q: %q begins or ends with a dot", name, part)
		}
		base, _, _ := strings.Cut(strings.ToLower(part), ".")
		if n := len(base); base == "con" || base == "prn" || base == "aux" || base == "nul" || n == 4 && (base[:3] == "com" || base[:3] == "lpt") {
			return fmt.Errorf("file name %.80q: %q is a device on Windows", name, part)
		}
	}
	if i := strings.IndexFunc(name, func(c rune) bool { return !strings.ContainsRune(nameLetters, c) }); i >= 0 {
		return fmt.Errorf("file name %.80q: %q is not a letter, a digit or one of ._@=+-", name, name[i:i+1])
	}
	return nil
}

var errNotOneOf = errors.New("not a file of the bundle")
