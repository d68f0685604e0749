package evidence_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/awsposture/posture/compliance/evidence"
)

func TestProofs(t *testing.T) {
	for n := range 40 {
		b := evidence.Bundle{Manifest: head(), Signer: key}
		for i := range n {
			b.Files = append(b.Files, evidence.Bytes(fmt.Sprintf("f%03d", i), "", []byte(fmt.Sprint("content ", i))))
		}
		fsys := files(t, b)
		m, err := evidence.Verify(fsys, publicKey())
		if err != nil {
			t.Fatal(err)
		}
		s, err := evidence.ReadSignature(fsys)
		if err != nil {
			t.Fatal(err)
		}
		for i, f := range m.Files {
			p, err := evidence.Prove(m, s, f.Name)
			if err != nil {
				t.Fatal(err)
			}
			text, err := json.Marshal(p)
			if err != nil {
				t.Fatal(err)
			}
			var read evidence.Proof
			if err := json.Unmarshal(text, &read); err != nil {
				t.Fatal(err)
			}
			content := fsys[f.Name].Data
			if err := read.Verify(slow{bytes.NewReader(content)}, publicKey()); err != nil {
				t.Errorf("%d of %d: %v", i, n, err)
			}
			for what, edit := range map[string]func(*evidence.Proof){
				"another leaf":   func(p *evidence.Proof) { p.Leaf++ },
				"the leaf below": func(p *evidence.Proof) { p.Leaf-- },
				"another name":   func(p *evidence.Proof) { p.File.Name += "x" },
				"a longer path":  func(p *evidence.Proof) { p.Path = append(p.Path, strings.Repeat("00", 32)) },
				"a shorter path": func(p *evidence.Proof) { p.Path = p.Path[:len(p.Path)-1] },
				"a hash flipped": func(p *evidence.Proof) { p.Path[0] = flipHex(p.Path[0]) },
				"upper case":     func(p *evidence.Proof) { p.Path[0] = "A" + p.Path[0][1:] },
				"no hash":        func(p *evidence.Proof) { p.Path[0] = "" },
				"no leaves":      func(p *evidence.Proof) { p.Leaves = 0 },
				"many leaves":    func(p *evidence.Proof) { p.Leaves = 1<<62 + 1 },
				"below zero":     func(p *evidence.Proof) { p.Leaf = -1 },
				"version":        func(p *evidence.Proof) { p.Version = 2 },
				"signature":      func(p *evidence.Proof) { p.Signature.Signature = nil },
				"signed root":    func(p *evidence.Proof) { p.Signature.Root = flipHex(p.Signature.Root) },
			} {
				var bad evidence.Proof
				if err := json.Unmarshal(text, &bad); err != nil {
					t.Fatal(err)
				}
				if edit(&bad); bad.Verify(bytes.NewReader(content), publicKey()) == nil {
					t.Errorf("%d of %d: %s was not found", i, n, what)
				}
			}
			if err := p.Verify(bytes.NewReader(append(bytes.Clone(content), 0)), publicKey()); err == nil || !strings.Contains(err.Error(), f.Name) {
				t.Errorf("other content: %v", err)
			}
		}
		if _, err := evidence.Prove(m, s, "nothing"); err == nil || !strings.Contains(err.Error(), `"nothing" is not a file of the bundle`) {
			t.Errorf("no such file: %v", err)
		}
	}
}

func flipHex(s string) string {
	if s[0] == '0' {
		return "1" + s[1:]
	}
	return "0" + s[1:]
}
