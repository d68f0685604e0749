package rule

import (
	"encoding/binary"
	"slices"
	"strings"
)

// A packed text is its length and its bytes.

// cutText takes the first of the packed texts, of which there is one.
func cutText[T string | []byte](b T) (text, rest T) {
	if n := int(b[0]); n < 0x80 {
		return b[1 : 1+n], b[1+n:]
	}
	n, k := uvarint(b)
	return b[k : k+int(n)], b[k+int(n):]
}

// uvarint is [binary.Uvarint] of strings too.
func uvarint[T string | []byte](b T) (x uint64, n int) {
	return binary.Uvarint([]byte(b[:min(len(b), binary.MaxVarintLen64)]))
}

func appendText(dst []byte, s string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}

// appendShort is appendText of what is mostly short and followed by more in
// memory: that is copied in one size, which is faster than to measure it.
func appendShort(dst, text []byte) []byte {
	const most = 48
	n := len(dst)
	if len(text) > most || cap(text) < most || cap(dst)-n < 1+most {
		return append(binary.AppendUvarint(dst, uint64(len(text))), text...)
	}
	dst = dst[:n+1+most]
	dst[n] = byte(len(text))
	*(*[most]byte)(dst[n+1:]) = *(*[most]byte)(text[:most])
	return dst[:n+1+len(text)]
}

// seal makes a packed text of what was appended to dst after a place of one
// byte at start.
func seal(dst []byte, start int) []byte {
	n := len(dst) - start - 1
	if n < 0x80 {
		dst[start] = byte(n)
		return dst
	}
	var head [binary.MaxVarintLen64]byte
	k := binary.PutUvarint(head[:], uint64(n))
	dst = append(dst, head[:k-1]...)
	copy(dst[start+k:], dst[start+1:start+1+n])
	copy(dst[start:], head[:k])
	return dst
}

func texts(packed string) (out []string) {
	for len(packed) > 0 {
		var t string
		t, packed = cutText(packed)
		out = append(out, t)
	}
	return out
}

// count is how many texts there are.
func count[T string | []byte](packed T) (n int) {
	for ; len(packed) > 0; n++ {
		_, packed = cutText(packed)
	}
	return n
}

// compact drops packed texts that repeat the one before.
func compact(b []byte, from int) []byte {
	all := slices.Compact(texts(string(b[from:])))
	b = b[:from]
	for _, t := range all {
		b = appendText(b, t)
	}
	return b
}

// fuse makes one packed text of several, with zeros between them.
func fuse(b []byte) []byte {
	if len(b) == 0 {
		return b
	}
	for i := 0; i < len(b); {
		n := int(b[i])
		if n >= 0x80 {
			return appendText(nil, strings.Join(texts(string(b)), "\x00"))
		}
		i += 1 + n
	}
	for i := 0; i < len(b); {
		n := int(b[i])
		b[i] = 0
		i += 1 + n
	}
	return seal(b, 0)
}

// times joins every key with every one of the packed values.
func times(keys [][]byte, values []byte) (out [][]byte) {
	vals := slices.Compact(texts(string(values)))
	for _, k := range keys {
		for _, v := range vals {
			if len(out) < 100 { // a list of thousands does not make thousands of groups squared
				out = append(out, appendText(slices.Clone(k), v))
			}
		}
	}
	return out
}
