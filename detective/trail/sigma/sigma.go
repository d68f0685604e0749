// Package sigma reads Sigma rules for AWS CloudTrail and compiles them to the
// rule language. It is a package of its own because it needs a YAML reader.
//
// The format is that of https://sigmahq.io/sigma-specification/. Values compare
// without case unless "cased"; null matches a missing member and JSON null;
// lists fan out, any element; a value against an object is matched on the
// object's compact JSON text. "neq" is false on a missing member, which is our
// fixed choice because other tools differ. A rule that cannot be supported is
// refused with its line and the reason, never loaded in part.
package sigma

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/awsposture/posture/detective/trail/rule"
)

// Error says what is wrong with a rule, and where.
type Error struct {
	File   string
	Line   int
	Rule   string // title or id, if known
	Reason string
}

func (e *Error) Error() string {
	return fmt.Sprintf("sigma: %s:%d: %q: %s", e.File, e.Line, e.Rule, e.Reason)
}

// Note is something a reader of the rule should know; the rule is loaded.
type Note struct {
	Rule, Text string
}

// Collection gathers documents of many files, then makes rules of them:
// correlations and filters may name rules of other files.
type Collection struct {
	// Placeholders are the values of %name% under the modifier "expand".
	Placeholders map[string][]string

	docs  []*document
	notes []Note
}

// document is one YAML document, global parts merged in.
type document struct {
	file string
	root *yaml.Node
	meta meta

	nodes int // selections read so far
}

type meta struct {
	Title          string         `yaml:"title"`
	ID             string         `yaml:"id"`
	Name           string         `yaml:"name"`
	Status         string         `yaml:"status"`
	Level          string         `yaml:"level"`
	Description    string         `yaml:"description"`
	Author         string         `yaml:"author"`
	License        string         `yaml:"license"`
	References     []string       `yaml:"references"`
	Tags           []string       `yaml:"tags"`
	FalsePositives any            `yaml:"falsepositives"`
	LogSource      map[string]any `yaml:"logsource"`
}

// id is what other documents call the rule.
func (m meta) id() string {
	switch {
	case m.ID != "":
		return m.ID
	case m.Name != "":
		return m.Name
	}
	return m.Title
}

func (d *document) fail(n *yaml.Node, format string, args ...any) *Error {
	line := d.root.Line
	if n != nil {
		line = n.Line
	}
	name := d.meta.Title
	if name == "" {
		name = d.meta.id()
	}
	return &Error{d.file, line, name, fmt.Sprintf(format, args...)}
}

// Add reads the documents of one file. Documents that are wrong are left out
// and reported together; the others are kept.
func (c *Collection) Add(file string, data []byte) error {
	var errs []error
	var global *yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(data))
	for {
		var n yaml.Node
		err := dec.Decode(&n)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			// A YAML error ends the file: the reader cannot tell where the
			// next document begins.
			errs = append(errs, &Error{file, yamlLine(err), "", err.Error()})
			break
		}
		if len(n.Content) == 0 || n.Content[0].Kind == yaml.ScalarNode && n.Content[0].Tag == "!!null" {
			continue
		}
		root := n.Content[0]
		if root.Kind != yaml.MappingNode {
			errs = append(errs, &Error{file, root.Line, "", "a document must be a mapping"})
			continue
		}
		if a := get(root, "action"); a != nil {
			switch a.Value {
			case "global":
				global = root
				continue
			case "reset":
				global = nil
				continue
			}
		}
		if global != nil {
			root = merge(global, root)
		}
		d := &document{file: file, root: root}
		if err := root.Decode(&d.meta); err != nil {
			errs = append(errs, d.fail(root, "%v", err))
			continue
		}
		if d.meta.id() == "" {
			errs = append(errs, d.fail(root, "it has no title, id or name"))
			continue
		}
		c.docs = append(c.docs, d)
	}
	return errors.Join(errs...)
}

func yamlLine(err error) int {
	_, after, _ := strings.Cut(err.Error(), "line ")
	digits := strings.IndexFunc(after+":", func(r rune) bool { return r < '0' || r > '9' })
	line, _ := strconv.Atoi(after[:digits]) // zero without one
	return line
}

// get is the value of a mapping's key.
func get(n *yaml.Node, key string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return resolve(n.Content[i+1])
		}
	}
	return nil
}

func resolve(n *yaml.Node) *yaml.Node {
	for n != nil && n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

// merge puts a document over the global one, key by key.
func merge(global, doc *yaml.Node) *yaml.Node {
	out := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Line: doc.Line}
	for i := 0; i+1 < len(global.Content); i += 2 {
		k, v := global.Content[i], global.Content[i+1]
		if k.Value == "action" {
			continue
		}
		if o := get(doc, k.Value); o != nil && o.Kind == yaml.MappingNode && v.Kind == yaml.MappingNode {
			v = merge(v, o)
		} else if o != nil {
			v = o
		}
		out.Content = append(out.Content, k, v)
	}
	for i := 0; i+1 < len(doc.Content); i += 2 {
		if get(out, doc.Content[i].Value) == nil {
			out.Content = append(out.Content, doc.Content[i], doc.Content[i+1])
		}
	}
	return out
}

// Rules compiles what was added. The error joins an *Error for each document
// that could not be; all others are in the result.
func (c *Collection) Rules() ([]rule.Rule, []Note, error) {
	c.notes = nil
	for _, d := range c.docs {
		d.nodes = 0
	}
	var errs []error
	var rules []rule.Rule
	owner := map[string]*document{}
	keep := func(d *document, rs []rule.Rule, err error) {
		if err != nil {
			errs = append(errs, err)
			return
		}
		for _, r := range rs {
			if owner[r.ID] != nil {
				errs = append(errs, d.fail(nil, "its id %q is taken", r.ID))
				return
			}
		}
		for _, r := range rs {
			owner[r.ID] = d
			rules = append(rules, r)
		}
	}
	for _, d := range c.docs {
		switch {
		case get(d.root, "correlation") != nil, get(d.root, "filter") != nil:
		case get(d.root, "detection") != nil:
			rs, err := c.detection(d)
			keep(d, rs, err)
		default:
			errs = append(errs, d.fail(nil, "no detection, correlation or filter"))
		}
	}
	for _, d := range c.docs {
		if get(d.root, "filter") != nil {
			if err := c.filter(d, rules, owner); err != nil {
				errs = append(errs, err)
			}
		}
	}
	// Correlations may name correlations: those that can be resolved first.
	var left []*document
	for _, d := range c.docs {
		if get(d.root, "correlation") != nil {
			left = append(left, d)
		}
	}
	for len(left) > 0 {
		var next []*document
		for _, d := range left {
			r, missing, err := c.correlation(d, rules, owner)
			if missing != "" && slices.ContainsFunc(left, func(o *document) bool { return o != d && o.named(missing) }) {
				next = append(next, d)
				continue
			}
			keep(d, r, err)
		}
		if len(next) == len(left) {
			for _, d := range next {
				errs = append(errs, d.fail(nil, "its correlation names itself in the end"))
			}
			break
		}
		left = next
	}
	return rules, c.notes, errors.Join(errs...)
}

func (d *document) named(ref string) bool {
	return ref == d.meta.ID || ref == d.meta.Name || ref == d.meta.Title
}

func (c *Collection) note(d *document, format string, args ...any) {
	c.notes = append(c.notes, Note{d.meta.id(), fmt.Sprintf(format, args...)})
}

// base is the rule without its condition.
func (d *document) base() rule.Rule {
	m := d.meta
	r := rule.Rule{
		ID: m.id(), Title: m.Title, Description: m.Description, Level: m.Level, Author: m.Author, License: m.License,
		Status: m.Status, Tags: m.Tags, References: m.References,
	}
	switch fp := m.FalsePositives.(type) {
	case string:
		r.FalsePositives = []string{fp}
	case []any:
		for _, f := range fp {
			r.FalsePositives = append(r.FalsePositives, fmt.Sprint(f))
		}
	}
	return r
}
