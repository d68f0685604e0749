package trail

import (
	"bytes"
	"fmt"
	"iter"
	"strings"
)

// split yields the records of one inflated document in ev. Record boundaries
// come from depth and strings, never from a search for a text: a request
// parameter may hold {"eventVersion": by the caller's choice.
func split(data []byte, file string, ev *Event) iter.Seq2[*Event, error] {
	return func(yield func(*Event, error) bool) {
		s := splitter{data: data, file: file, ev: ev, yield: yield}
		i := space(data, 0)
		if bytes.HasPrefix(data[i:], []byte("\xef\xbb\xbf")) {
			i = space(data, i+3)
		}
		for i < len(data) {
			if data[i] == '[' {
				i = s.array(i)
			} else {
				i = s.document(i)
			}
			if i < 0 {
				return
			}
			i = space(data, i)
		}
	}
}

type splitter struct {
	data  []byte
	file  string
	ev    *Event
	yield func(*Event, error) bool
	cut   bool // the end of the file was reached inside an array, and reported
	lost  bool // the last record was broken and nothing after it could be told apart
}

func (s *splitter) fail(at int, err error) bool {
	return s.yield(nil, &FileError{s.file, int64(at), err})
}

// document reads {"Records":[…]}, an envelope with a detail, or one record, and
// returns the index after it, -1 to stop.
func (s *splitter) document(i int) int {
	start := i
	if s.data[i] != '{' {
		s.fail(i, ErrSyntax)
		return -1
	}
	// A file of records is not scanned twice: when the first member is
	// Records its array is read at once.
	j := space(s.data, i+1)
	if bytes.HasPrefix(s.data[j:], []byte(`"Records"`)) {
		k := space(s.data, j+len(`"Records"`))
		if k < len(s.data) && s.data[k] == ':' {
			if k = space(s.data, k+1); k < len(s.data) && s.data[k] == '[' {
				if k = s.array(k); k < 0 || s.cut {
					return k
				}
				return s.rest(k)
			}
		}
	}
	records, detail, version := span{}, span{}, false
	for i++; ; {
		key, val, next, done, ok := member(s.data, i)
		if !ok {
			return s.resync(start)
		}
		if i = next; done {
			break
		}
		switch string(s.data[key.off:key.end]) {
		case "Records":
			if records.end == 0 && s.data[val.off] == '[' {
				records = val
			}
		case "detail":
			if detail.end == 0 && s.data[val.off] == '{' {
				detail = val
			}
		case "eventVersion", "eventName", "userIdentity":
			version = true
		}
	}
	switch {
	case !version && records.end != 0:
		if s.array(int(records.off)) < 0 {
			return -1
		}
	case !version && detail.end != 0:
		if s.record(int(detail.off)) < 0 {
			return -1
		}
	default:
		if s.record(start) < 0 {
			return -1
		}
	}
	return i
}

// rest passes over the members that follow Records.
func (s *splitter) rest(i int) int {
	i = space(s.data, i)
	if i < len(s.data) && s.data[i] == ',' {
		i++
	}
	for {
		_, _, next, done, ok := member(s.data, i)
		if !ok {
			if !s.fail(i, ErrTruncated) {
				return -1
			}
			return len(s.data)
		}
		if i = next; done {
			return i
		}
	}
}

// array reads the records of the array at i.
func (s *splitter) array(i int) int {
	i = space(s.data, i+1)
	if i < len(s.data) && s.data[i] == ']' {
		return i + 1
	}
	for {
		if i >= len(s.data) {
			if s.cut = true; !s.lost && !s.fail(i, ErrTruncated) {
				return -1
			}
			return len(s.data)
		}
		if i = s.record(i); i < 0 {
			return -1
		}
		i = space(s.data, i)
		switch {
		case i < len(s.data) && s.data[i] == ',':
			i = space(s.data, i+1)
		case i < len(s.data) && s.data[i] == ']':
			return i + 1
		case i < len(s.data):
			// Something stands between records: find the next one.
			if !s.fail(i, fmt.Errorf("%w: no comma after a record", ErrSyntax)) {
				return -1
			}
			j := bytes.IndexByte(s.data[i:], '{')
			if j < 0 {
				return len(s.data)
			}
			i += j
		}
	}
}

// record reads one record and returns the index after it, -1 to stop.
func (s *splitter) record(i int) int {
	end, err := s.ev.scan(s.data, i)
	if err != nil {
		return s.resync(i)
	}
	if err = checkVersion(s.ev); err != nil {
		if !s.fail(i, err) {
			return -1
		}
		return end
	}
	s.ev.File, s.ev.Offset = s.file, int64(i)
	if !s.yield(s.ev, nil) {
		return -1
	}
	return end
}

// resync reports the record at i as broken and finds its end by depth. When
// its strings do not even close, the next line or, in an array, the next
// object that begins like a record is where reading goes on.
func (s *splitter) resync(i int) int {
	if !s.fail(i, ErrSyntax) {
		return -1
	}
	if j := valueEnd(s.data, i); j > i {
		k := space(s.data, j)
		if k >= len(s.data) || s.data[k] == ',' || s.data[k] == ']' || bytes.IndexByte(s.data[j:k], '\n') >= 0 || s.data[k] == '{' {
			return j
		}
	}
	for _, next := range []string{`},{"eventVersion":`, "}\n{"} {
		if j := bytes.Index(s.data[i:], []byte(next)); j >= 0 {
			return i + j + 1
		}
	}
	s.lost = true
	return len(s.data)
}

// checkVersion refuses records of a major version that is not known, because
// their members may mean something else. Newer minor versions only add.
func checkVersion(e *Event) error {
	v := e.at(hEventVersion)
	if len(v.raw) >= 4 && v.raw[1] == '1' && v.raw[2] == '.' {
		return nil
	}
	text := v.Text()
	major, _, _ := strings.Cut(text, ".")
	if text == "" || major == "1" {
		return nil // no version: be lenient, services write such records
	}
	return fmt.Errorf("%w: %q", ErrVersion, text)
}
