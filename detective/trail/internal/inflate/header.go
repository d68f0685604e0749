package inflate

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"hash/crc32"
	"io"
)

// The flags of a header: RFC 1952, section 2.3.1.
const (
	flagSum     = 1 << 1
	flagExtra   = 1 << 2
	flagName    = 1 << 3
	flagComment = 1 << 4
)

// maxText is how long a name or comment may be with the zero after it.
const maxText = 512

// Header returns the length of the header that src begins with. Its sum is
// verified if it has one; flags without a meaning are passed over. The error is
// [io.EOF] when src is empty, [io.ErrUnexpectedEOF] when it ends early, and
// [gzip.ErrHeader] for all else.
func Header(src []byte) (int, error) {
	if len(src) == 0 {
		return 0, io.EOF
	}
	if len(src) < 10 {
		return 0, io.ErrUnexpectedEOF
	}
	if src[0] != 0x1f || src[1] != 0x8b || src[2] != 8 {
		return 0, gzip.ErrHeader
	}
	flags, i := src[3], 10
	if flags&flagExtra != 0 {
		if len(src)-i < 2 {
			return i, io.ErrUnexpectedEOF
		}
		n := int(binary.LittleEndian.Uint16(src[i:]))
		if i += 2; len(src)-i < n {
			return i, io.ErrUnexpectedEOF
		}
		i += n
	}
	for _, flag := range []byte{flagName, flagComment} {
		if flags&flag == 0 {
			continue
		}
		n := bytes.IndexByte(src[i:min(len(src), i+maxText)], 0)
		if n < 0 && len(src)-i < maxText {
			return i, io.ErrUnexpectedEOF
		}
		if n < 0 {
			return i, gzip.ErrHeader
		}
		i += n + 1
	}
	if flags&flagSum != 0 {
		if len(src)-i < 2 {
			return i, io.ErrUnexpectedEOF
		}
		if binary.LittleEndian.Uint16(src[i:]) != uint16(crc32.ChecksumIEEE(src[:i])) {
			return i, gzip.ErrHeader
		}
		i += 2
	}
	return i, nil
}
