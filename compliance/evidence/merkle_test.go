package evidence

import (
	"crypto/sha256"
	"slices"
	"testing"
)

// TestMerkleTree builds the tree of seven leaves that RFC 6962, section 2.1.3,
// draws, by its definition, and the audit paths that it gives for it.
func TestMerkleTree(t *testing.T) {
	leaf := func(s string) hash { return sha256.Sum256([]byte("\x00" + s)) }
	node := func(l, r hash) hash { return sha256.Sum256(slices.Concat([]byte{1}, l[:], r[:])) }
	a, b, c, d, e, f, j := leaf("d0"), leaf("d1"), leaf("d2"), leaf("d3"), leaf("d4"), leaf("d5"), leaf("d6")
	g, h, i := node(a, b), node(c, d), node(e, f)
	k, l := node(g, h), node(i, j)
	var leaves []hash
	for _, s := range []string{"d0", "d1", "d2", "d3", "d4", "d5", "d6"} {
		leaves = append(leaves, leafHash([]byte(s)))
	}
	if merkleRoot(leaves) != node(k, l) || merkleRoot(nil) != sha256.Sum256(nil) {
		t.Error("the root is another")
	}
	for at, want := range map[int][]hash{0: {b, h, l}, 3: {c, g, l}, 4: {f, j, k}, 6: {i, k}} {
		if got := auditPath(leaves, at); !slices.Equal(got, want) {
			t.Errorf("the path of leaf %d is %x", at, got)
		}
	}
	// No tree that repeats its last leaf has the same root.
	if merkleRoot(leaves) == merkleRoot(append(leaves, leaves[6])) {
		t.Error("a repeated leaf is not seen")
	}
}

// TestAuditPaths leads every leaf of many trees to the root, and nowhere when
// anything is another.
func TestAuditPaths(t *testing.T) {
	var leaves []hash
	for n := 1; n <= 70; n++ {
		leaves = append(leaves, leafHash([]byte{byte(n)}))
		root := merkleRoot(leaves)
		for at := range leaves {
			path := auditPath(leaves, at)
			if got, ok := rootFrom(leaves[at], at, n, path); !ok || got != root {
				t.Fatalf("leaf %d of %d leads elsewhere", at, n)
			}
			for other := range leaves {
				if got, ok := rootFrom(leaves[at], other, n, path); other != at && ok && got == root {
					t.Fatalf("leaf %d of %d passes for leaf %d", at, n, other)
				}
			}
			if _, ok := rootFrom(leaves[at], at, n, append(path, root)); ok {
				t.Fatalf("leaf %d of %d: a longer path", at, n)
			}
			if _, ok := rootFrom(leaves[at], n, n, path); ok {
				t.Fatal("a leaf behind the last")
			}
		}
	}
}
