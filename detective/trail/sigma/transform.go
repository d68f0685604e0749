package sigma

import (
	"encoding/base64"
	"regexp"
	"strings"
	"unicode/utf16"

	"go.yaml.in/yaml/v3"
)

var dashes = []string{"-", "/", "–", "—", "―"}

// windash exchanges the dashes of each text.
func windash(texts []string) []string {
	var out []string
	for _, t := range texts {
		out = append(out, t)
		for _, to := range dashes {
			x := t
			for _, from := range dashes {
				x = strings.ReplaceAll(x, from, to)
			}
			if x != t {
				out = append(out, x)
			}
		}
	}
	return out
}

func transform(name string, texts []string) ([]string, error) {
	var out []string
	for _, t := range texts {
		switch name {
		case "base64":
			out = append(out, base64.StdEncoding.EncodeToString([]byte(t)))
		case "base64offset":
			for i, start := range []int{0, 2, 3} {
				enc := base64.StdEncoding.EncodeToString([]byte(strings.Repeat(" ", i) + t))
				end := len(enc) - []int{0, 3, 2}[(len(t)+i)%3]
				if start < end {
					out = append(out, enc[start:end])
				}
			}
		case "utf16le", "wide", "utf16be", "utf16":
			var b []byte
			if name == "utf16" {
				b = append(b, 0xff, 0xfe)
			}
			for _, u := range utf16.Encode([]rune(t)) {
				if name == "utf16be" {
					b = append(b, byte(u>>8), byte(u))
				} else {
					b = append(b, byte(u), byte(u>>8))
				}
			}
			out = append(out, string(b))
		}
	}
	return out, nil
}

var placeholder = regexp.MustCompile(`%([A-Za-z0-9_.-]+)%`)

// expand replaces %name% by the caller's values.
func (c *Collection) expand(d *document, v *yaml.Node) ([]string, error) {
	texts := []string{v.Value}
	for {
		var next []string
		changed := false
		for _, t := range texts {
			m := placeholder.FindStringSubmatchIndex(t)
			if m == nil {
				next = append(next, t)
				continue
			}
			vals := c.Placeholders[t[m[2]:m[3]]]
			if len(vals) == 0 {
				return nil, d.fail(v, "the placeholder %%%s%% has no values", t[m[2]:m[3]])
			}
			changed = true
			for _, val := range vals {
				// What was put in is not expanded again.
				next = append(next, t[:m[0]]+strings.ReplaceAll(val, "%", "\x00")+t[m[1]:])
			}
		}
		if texts = next; !changed {
			break
		}
		if len(texts) > 10_000 {
			return nil, d.fail(v, "the placeholders multiply to more than 10,000 values")
		}
	}
	for i := range texts {
		texts[i] = strings.ReplaceAll(texts[i], "\x00", "%")
	}
	return texts, nil
}
