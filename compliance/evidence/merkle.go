package evidence

import "crypto/sha256"

// hash is a node of the Merkle tree of RFC 6962, section 2.1: leaves and inner
// nodes are hashed with different first bytes, so that neither can stand for the
// other.
type hash [sha256.Size]byte

func leafHash(b []byte) hash {
	return sha256.Sum256(append([]byte{0}, b...))
}

func nodeHash(left, right hash) hash {
	b := make([]byte, 1, 1+2*sha256.Size)
	b[0] = 1
	return sha256.Sum256(append(append(b, left[:]...), right[:]...))
}

// split is the largest power of two smaller than n, for n > 1.
func split(n int) int {
	k := 1
	for k < n-k {
		k *= 2
	}
	return k
}

// merkleRoot is the hash of the tree over the leaves.
func merkleRoot(leaves []hash) hash {
	switch n := len(leaves); n {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return leaves[0]
	default:
		k := split(n)
		return nodeHash(merkleRoot(leaves[:k]), merkleRoot(leaves[k:]))
	}
}

// auditPath is the hashes that lead from a leaf to the root, the nearest first.
func auditPath(leaves []hash, at int) []hash {
	n := len(leaves)
	if n < 2 {
		return nil
	}
	if k := split(n); at < k {
		return append(auditPath(leaves[:k], at), merkleRoot(leaves[k:]))
	} else {
		return append(auditPath(leaves[k:], at-k), merkleRoot(leaves[:k]))
	}
}

// rootFrom is the root that a path leads to from a leaf; false where the path
// has not the length that it has in a tree of n leaves.
func rootFrom(leaf hash, at, n int, path []hash) (hash, bool) {
	if at < 0 || at >= n {
		return hash{}, false
	}
	if n == 1 {
		return leaf, len(path) == 0
	}
	if len(path) == 0 {
		return hash{}, false
	}
	k, last, rest := split(n), path[len(path)-1], path[:len(path)-1]
	if at < k {
		left, ok := rootFrom(leaf, at, k, rest)
		return nodeHash(left, last), ok
	}
	right, ok := rootFrom(leaf, at-k, n-k, rest)
	return nodeHash(last, right), ok
}
