package trail

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"strconv"
	"strings"
	"time"
)

// Object is one file to read: an object of a bucket or a local file.
type Object struct {
	Bucket, Key string
	Metadata    map[string]string // user metadata of the object, for digests
	Modified    time.Time         // zero when not known
	Open        func(context.Context) (io.ReadCloser, error)
}

// Source is a listing. An error in it is passed on and the listing goes on.
type Source = iter.Seq2[Object, error]

// FileError says what was lost: a file, or one record of it.
type FileError struct {
	File   string
	Offset int64 // in the inflated file; -1 when the file itself could not be read
	Err    error
}

func (e *FileError) Error() string {
	if e.Offset < 0 {
		return "trail: " + e.File + ": " + e.Err.Error()
	}
	return "trail: " + e.File + " at byte " + strconv.FormatInt(e.Offset, 10) + ": " + e.Err.Error()
}

func (e *FileError) Unwrap() error { return e.Err }

// ReadOptions are the reader's parameters; nil and zero mean the defaults.
type ReadOptions struct {
	MaxInflated int64                // bytes a file may inflate to; default 200 MB
	Inflater    func() Inflater      // one is made for each Read; default &Gzip{}
	Keep        func(ObjectKey) bool // which keys to read; default logs and network activity
	Dedupe      *Dedupe              // drops events seen before; default keeps all
	Unknown     func(Object) bool    // whether to read a key that CloudTrail would not write; default yes when it ends in .json, .json.gz, .jsonl or .ndjson
}

// Files lists the .json, .json.gz, .jsonl and .ndjson files below the root of
// fsys in lexical order. Use os.DirFS for a directory.
func Files(fsys fs.FS) Source {
	return func(yield func(Object, error) bool) {
		err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil {
				if !yield(Object{Key: name}, &FileError{name, -1, err}) {
					return fs.SkipAll
				}
				return nil
			}
			if d.IsDir() || !readable(name) {
				return nil
			}
			o := Object{Key: name, Open: func(context.Context) (io.ReadCloser, error) { return fsys.Open(name) }}
			if info, err := d.Info(); err == nil {
				o.Modified = info.ModTime()
			}
			if !yield(o, nil) {
				return fs.SkipAll
			}
			return nil
		})
		_ = err // every error was yielded
	}
}

func readable(name string) bool {
	for _, ext := range []string{".json", ".json.gz", ".jsonl", ".ndjson"} {
		if strings.HasSuffix(name, ext) {
			return true
		}
	}
	return false
}

// Read reads all events of all objects. Errors are *FileError for what was
// lost (reading goes on) and the context's error, which ends it. A file whose
// gzip is damaged gives its whole records and then its error.
//
// Keys of digests, Insights and aggregated events are passed over unless Keep
// asks for them: they are no records of calls.
func Read(ctx context.Context, src Source, o *ReadOptions) iter.Seq2[*Event, error] {
	if o == nil {
		o = &ReadOptions{}
	}
	return func(yield func(*Event, error) bool) {
		r := reader{o: *o}
		if r.o.MaxInflated <= 0 {
			r.o.MaxInflated = 200 << 20
		}
		if r.o.Inflater != nil {
			r.z = r.o.Inflater()
		} else {
			r.z = &Gzip{}
		}
		for obj, err := range src {
			if cerr := ctx.Err(); cerr != nil {
				yield(nil, cerr)
				return
			}
			if err != nil {
				if !yield(nil, err) {
					return
				}
				continue
			}
			if r.wants(obj) && !r.read(ctx, obj, yield) {
				return
			}
		}
	}
}

type reader struct {
	o       ReadOptions
	z       Inflater
	in, out []byte
	ev      Event
}

func (r *reader) wants(obj Object) bool {
	k, err := ParseKey(obj.Key)
	if err != nil {
		if r.o.Unknown != nil {
			return r.o.Unknown(obj)
		}
		// A file with an odd name in the folder of digests is still no log.
		for _, part := range strings.Split(obj.Key, "/") {
			if c := folders[part]; c != Unexpected && c != Log && c != NetworkActivity {
				return false
			}
		}
		return readable(obj.Key)
	}
	if r.o.Keep != nil {
		return r.o.Keep(k)
	}
	return k.Class == Log || k.Class == NetworkActivity
}

// read reads one object; false stops everything.
func (r *reader) read(ctx context.Context, obj Object, yield func(*Event, error) bool) bool {
	rc, err := obj.Open(ctx)
	if err == nil {
		r.in, err = appendAll(r.in[:0], rc, r.o.MaxInflated)
		if cerr := rc.Close(); err == nil {
			err = cerr
		}
	}
	if err != nil {
		return yield(nil, &FileError{obj.Key, -1, err})
	}
	data := r.in
	var damage error
	if len(data) > 1 && data[0] == 0x1f && data[1] == 0x8b {
		r.out, damage = r.z.Inflate(r.out, r.in, r.o.MaxInflated)
		data = r.out
		if damage != nil {
			damage = &FileError{obj.Key, -1, damage}
		}
	}
	for e, err := range split(data, obj.Key, &r.ev) {
		if err != nil {
			if damage != nil {
				break // the damage already explains what is missing
			}
		} else if r.o.Dedupe != nil && r.o.Dedupe.Seen(e) {
			continue
		}
		if !yield(e, err) {
			return false
		}
	}
	if damage != nil {
		return yield(nil, damage)
	}
	return true
}

// Bytes reads the events of one inflated document: {"Records":[…]}, an array,
// a single record, lines of records, or an EventBridge envelope, told apart by
// what it begins with.
func Bytes(name string, data []byte) iter.Seq2[*Event, error] {
	return func(yield func(*Event, error) bool) {
		var ev Event
		for e, err := range split(data, name, &ev) {
			if !yield(e, err) {
				return
			}
		}
	}
}

// Lines reads a stream of records, one a line, of any length in all; a line
// may be as long as limit bytes (1 MB when zero).
func Lines(name string, src io.Reader, limit int) iter.Seq2[*Event, error] {
	if limit <= 0 {
		limit = 1 << 20
	}
	return func(yield func(*Event, error) bool) {
		var ev Event
		buf := make([]byte, 0, 256<<10)
		var base int64
		for {
			n, err := src.Read(buf[len(buf):cap(buf)])
			buf = buf[:len(buf)+n]
			rest := buf
			for {
				i := bytes.IndexByte(rest, '\n')
				if i < 0 && err != nil {
					i = len(rest)
				}
				if i < 0 {
					break
				}
				line := bytes.TrimSpace(rest[:i])
				if len(line) > 0 {
					var out *Event
					perr := error(nil)
					if perr = ev.Parse(line); perr == nil {
						if perr = checkVersion(&ev); perr == nil {
							out = &ev
							ev.File, ev.Offset = name, base
						}
					}
					if perr != nil {
						perr = &FileError{name, base, perr}
					}
					if !yield(out, perr) {
						return
					}
				}
				i = min(i+1, len(rest))
				base += int64(i)
				if rest = rest[i:]; len(rest) == 0 {
					break
				}
			}
			if err != nil {
				if err != io.EOF {
					yield(nil, &FileError{name, base, err})
				}
				return
			}
			buf = append(buf[:0], rest...)
			if len(buf) == cap(buf) {
				if len(buf) >= limit {
					yield(nil, &FileError{name, base, fmt.Errorf("%w: a line longer than %d bytes", ErrSyntax, limit)})
					return
				}
				buf = append(make([]byte, 0, 2*cap(buf)), buf...)
			}
		}
	}
}
