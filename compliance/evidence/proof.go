package evidence

import (
	"crypto/ed25519"
	"encoding/hex"
	"fmt"
	"io"
	"math/bits"
)

// Proof shows that one file belongs to a signed bundle, without the other
// files and without their names.
type Proof struct {
	Version   int       `json:"version"`
	File      FileEntry `json:"file"`
	Leaf      int       `json:"leaf"`   // of the file, from 0; leaf 0 is the manifest's head
	Leaves    int       `json:"leaves"` // of the tree
	Path      []string  `json:"path"`   // hex, from the leaf to the root
	Signature Signature `json:"signature"`
}

// Prove makes the proof for one file of a bundle. m and s are the bundle's
// manifest and signature.
func Prove(m Manifest, s Signature, name string) (Proof, error) {
	i, ok := m.find(name)
	if !ok {
		return Proof{}, fmt.Errorf("evidence: %q is %w", name, errNotOneOf)
	}
	leaves := m.leaves()
	p := Proof{Version: manifestVersion, File: m.Files[i], Leaf: i + 1, Leaves: len(leaves), Path: []string{}, Signature: s}
	for _, h := range auditPath(leaves, i+1) {
		p.Path = append(p.Path, hex.EncodeToString(h[:]))
	}
	return p, nil
}

// Verify checks the proof against the signer's public key, and that content is
// the file proved.
func (p Proof) Verify(content io.Reader, key ed25519.PublicKey) error {
	if p.Version != manifestVersion {
		return fmt.Errorf("evidence: proof: version %d is not version %d, which this library reads", p.Version, manifestVersion)
	}
	if p.Leaf < 1 || p.Leaf >= p.Leaves || len(p.Path) > bits.Len(uint(p.Leaves)) {
		return fmt.Errorf("evidence: proof of %q: leaf %d of %d with %d hashes cannot be", p.File.Name, p.Leaf, p.Leaves, len(p.Path))
	}
	var path []hash
	for i, s := range p.Path {
		var h hash
		if n, err := hex.Decode(h[:], []byte(s[:min(len(s), 2*len(h))])); err != nil || n != len(h) || hex.EncodeToString(h[:]) != s {
			return fmt.Errorf("evidence: proof of %q: hash %d is not a SHA-256 in lower-case hexadecimal", p.File.Name, i+1)
		}
		path = append(path, h)
	}
	root, ok := rootFrom(p.File.leaf(), p.Leaf, p.Leaves, path)
	if !ok {
		return fmt.Errorf("evidence: proof of %q: %d hashes do not lead from leaf %d of %d to a root", p.File.Name, len(path), p.Leaf, p.Leaves)
	}
	if err := p.Signature.verify(root, key); err != nil {
		return fmt.Errorf("evidence: proof of %q: signature: %w", p.File.Name, err)
	}
	return p.File.verifyContent(content)
}
