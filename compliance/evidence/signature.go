package evidence

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
)

// Signature is an Ed25519 signature over a bundle's root.
type Signature struct {
	Version   int    `json:"version"`
	Algorithm string `json:"algorithm"` // "Ed25519"
	Key       string `json:"key"`       // KeyID of the public key
	Root      string `json:"root"`      // hex
	Signature []byte `json:"signature"` // base64 in JSON
}

const algorithm = "Ed25519"

// signed is what is signed: a sentence that no other protocol signs, and the root.
func signed(root hash) []byte {
	return append([]byte("posture evidence bundle, version 1\x00"), root[:]...)
}

// KeyID names a public key: the SHA-256 of its 32 bytes, in hexadecimal.
func KeyID(key ed25519.PublicKey) string {
	sum := sha256.Sum256(key)
	return hex.EncodeToString(sum[:])
}

// sign has the root signed, and checks what came back: a signer may be far away.
func sign(root hash, signer crypto.Signer) (Signature, error) {
	if signer == nil {
		return Signature{}, errors.New("evidence: no signer")
	}
	key, ok := signer.Public().(ed25519.PublicKey)
	if !ok || len(key) != ed25519.PublicKeySize {
		return Signature{}, fmt.Errorf("evidence: the signer's public key is %T, not an ed25519.PublicKey", signer.Public())
	}
	b, err := signer.Sign(rand.Reader, signed(root), crypto.Hash(0))
	if err != nil {
		return Signature{}, fmt.Errorf("evidence: signing: %w", err)
	}
	s := Signature{manifestVersion, algorithm, KeyID(key), hex.EncodeToString(root[:]), b}
	if err := s.verify(root, key); err != nil {
		return Signature{}, fmt.Errorf("evidence: what the signer gave: %w", err)
	}
	return s, nil
}

// ReadSignature reads a bundle's signature, which Prove needs. It does not
// verify it.
func ReadSignature(fsys fs.FS) (Signature, error) {
	b, err := readSmall(fsys, SignatureName, maxSignature)
	if err != nil {
		return Signature{}, err
	}
	var s Signature
	if err := decodeCanonical(b, &s); err != nil {
		return Signature{}, fmt.Errorf("evidence: %s: %w", SignatureName, err)
	}
	return s, nil
}

func (s Signature) verify(root hash, key ed25519.PublicKey) error {
	switch {
	case len(key) != ed25519.PublicKeySize:
		return fmt.Errorf("a public key of %d bytes is not one of Ed25519", len(key))
	case s.Version != manifestVersion || s.Algorithm != algorithm:
		return fmt.Errorf("version %d and algorithm %.20q are not version %d and %q", s.Version, s.Algorithm, manifestVersion, algorithm)
	case s.Key != KeyID(key):
		return fmt.Errorf("made with the key %.64q, not with %q", s.Key, KeyID(key))
	case s.Root != hex.EncodeToString(root[:]):
		return fmt.Errorf("made over the root %.64q, not over %x", s.Root, root)
	case !ed25519.Verify(key, signed(root), s.Signature):
		return errors.New("the signature is not valid")
	}
	return nil
}
