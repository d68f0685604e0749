package evidence

import (
	"bytes"
	"cmp"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"slices"
	"strings"
)

// node is a document's member: a leaf with text, or what holds members.
type node struct {
	up   *node
	name string
	item bool // of a list, or entry of a map written as one
	leaf bool
	text string
	set  func(text string) // replaces a leaf's text
	kids []*node
}

// document is a parsed body that can be written again with leaves replaced
// and every other byte as it was.
type document struct {
	root  *node
	loose []string // text that is not a leaf's: it cannot be replaced, only seen
	write func() []byte
}

// maxDepth bounds how deep XML and forms are looked into. Package json bounds
// JSON at 10,000, package cbor CBOR at 128.
const maxDepth = 1000

var errUnreadable = errors.New("neither JSON, XML, CBOR nor a form")

// parse reads a body by what it looks like; services are not careful with
// content types. Only forms and CBOR, which look like nothing, need theirs.
func parse(contentType string, b []byte) (document, error) {
	switch start := bytes.TrimLeft(b, " \t\r\n"); {
	case strings.HasPrefix(contentType, "application/x-www-form-urlencoded"):
		return parseForm(string(b))
	case strings.HasPrefix(contentType, "application/cbor"):
		return parseCBOR(b)
	case len(start) == 0:
		return document{root: &node{}, write: func() []byte { return b }}, nil
	case start[0] == '<':
		return parseXML(b)
	default:
		return parseJSON(b)
	}
}

// cuts are the replacements in a body.
type cuts []cut

type cut struct {
	start, end int
	text       string
}

func (c *cuts) in(b []byte) func() []byte {
	return func() []byte {
		slices.SortFunc(*c, func(x, y cut) int { return cmp.Compare(x.start, y.start) })
		var out bytes.Buffer
		last := 0
		for _, x := range *c {
			out.Write(b[last:x.start])
			out.WriteString(x.text)
			last = x.end
		}
		out.Write(b[last:])
		return out.Bytes()
	}
}

func parseJSON(b []byte) (document, error) {
	if !json.Valid(b) { // which bounds the depth as well
		return document{}, errUnreadable
	}
	p := jsonParser{b: b, dec: json.NewDecoder(bytes.NewReader(b))}
	p.dec.UseNumber()
	root, err := p.value("")
	return document{root: root, write: p.cuts.in(b)}, err
}

type jsonParser struct {
	b    []byte
	dec  *json.Decoder
	cuts cuts
}

func (p *jsonParser) value(name string) (*node, error) {
	before := int(p.dec.InputOffset())
	token, err := p.dec.Token()
	if err != nil {
		return nil, err
	}
	n := &node{name: name}
	switch token := token.(type) {
	case string:
		end := int(p.dec.InputOffset())
		start := before + bytes.IndexByte(p.b[before:end], '"')
		n.leaf, n.text = true, token
		n.set = func(text string) { p.cuts = append(p.cuts, cut{start, end, string(canonical(text))}) }
	case json.Delim:
		for p.dec.More() {
			member := name
			if token == '{' {
				key, err := p.dec.Token()
				if err != nil {
					return nil, err
				}
				member, _ = key.(string)
			}
			kid, err := p.value(member)
			if err != nil {
				return nil, err
			}
			kid.item = token == '['
			n.kids = append(n.kids, kid)
		}
		_, err = p.dec.Token()
	}
	return n, err
}

func parseXML(b []byte) (document, error) {
	var (
		dec   = xml.NewDecoder(bytes.NewReader(b))
		c     cuts
		root  = &node{}
		open  = []*node{root}
		spans = map[*node][]cut{} // of an element's own text
		loose []string
	)
	for {
		start := int(dec.InputOffset())
		token, err := dec.Token()
		if errors.Is(err, io.EOF) && len(open) == 1 {
			return document{root: root, loose: loose, write: c.in(b)}, nil
		}
		if err != nil || len(open) > maxDepth {
			return document{}, errUnreadable
		}
		top := open[len(open)-1]
		switch token := token.(type) {
		case xml.StartElement:
			kid := &node{name: token.Name.Local}
			kid.item = isItem(kid.name)
			top.kids, open = append(top.kids, kid), append(open, kid)
			for _, a := range token.Attr {
				if isSecretName(a.Name.Local) {
					return document{}, errUnreadable
				}
				loose = append(loose, a.Value)
			}
		case xml.Comment:
			loose = append(loose, string(token))
		case xml.Directive:
			loose = append(loose, string(token))
		case xml.ProcInst:
			loose = append(loose, string(token.Inst))
		case xml.CharData:
			if top != root {
				spans[top] = append(spans[top], cut{start, int(dec.InputOffset()), string(token)})
			}
		case xml.EndElement:
			own := spans[top]
			delete(spans, top)
			open = open[:len(open)-1]
			if len(top.kids) == 0 {
				fillXML(top, own, &c)
				continue
			}
			for _, s := range own { // text beside elements
				if strings.TrimSpace(s.text) != "" {
					text := &node{name: top.name}
					fillXML(text, []cut{s}, &c)
					top.kids = append(top.kids, text)
				}
			}
		}
	}
}

func isItem(name string) bool { return name == "member" || name == "item" || name == "entry" }

func fillXML(n *node, spans []cut, c *cuts) {
	n.leaf = true
	for _, s := range spans {
		n.text += s.text
	}
	n.set = func(text string) {
		var escaped bytes.Buffer
		_ = xml.EscapeText(&escaped, []byte(text)) // a Buffer takes everything
		for i, s := range spans {
			if s.text = ""; i == 0 {
				s.text = escaped.String()
			}
			*c = append(*c, s)
		}
	}
}

// parseForm reads an URL-encoded form, or an URL's query. Names such as
// Tags.member.1.Key are paths; a list's items have the list's name.
func parseForm(s string) (document, error) {
	var c cuts
	root := &node{}
	nodes := map[string]*node{"": root}
	for at := 0; at < len(s); {
		end := len(s)
		if i := strings.IndexByte(s[at:], '&'); i >= 0 {
			end = at + i
		}
		key, value, _ := strings.Cut(s[at:end], "=")
		name, err := url.QueryUnescape(key)
		text, err2 := url.QueryUnescape(value)
		if err != nil || err2 != nil || strings.Count(name, ".") > maxDepth {
			return document{}, errUnreadable
		}
		into, path := root, ""
		parts := strings.Split(name, ".")
		for i, part := range parts {
			path += "." + part
			item := isItem(part) || strings.Trim(part, "0123456789") == ""
			if item {
				part = into.name
			}
			n := nodes[path]
			if n == nil || i == len(parts)-1 {
				n = &node{name: part, item: item}
				into.kids, nodes[path] = append(into.kids, n), n
			}
			into = n
		}
		start := end - len(value)
		into.leaf, into.text = true, text
		into.set = func(text string) { c = append(c, cut{start, end, url.QueryEscape(text)}) }
		at = end + 1
	}
	return document{root: root, write: c.in([]byte(s))}, nil
}
