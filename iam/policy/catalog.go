package policy

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed data/actions.gz
var embeddedData []byte

// Catalog knows the actions, resource types and condition keys of AWS
// services. It is collected from AWS's service authorization reference and
// grows old: [Catalog.Version] belongs into every report made with it.
type Catalog struct {
	version, date string
	rcp           []string
	services      map[string]func() *Service
}

// Service is one service prefix.
type Service struct {
	Prefix  string
	Actions []Action // in the order of their lower-case names
	Types   []ResourceType
	Keys    []ConditionKey
}

// Action is one action of a service.
type Action struct {
	Name   string
	Levels string // letters of L(ist), R(ead), W(rite), P(ermissions management), T(agging)
	// Types it can be authorized on, as indexes; none for actions that only "*" covers.
	Types    []int
	Required []bool // for each of Types
	Keys     []int  // condition keys that can be present
}

// ResourceType is one kind of resource of a service.
type ResourceType struct {
	Name string
	ARN  string // with placeholders such as ${Region}
	Keys []int
}

// ConditionKey is one condition key of a service. A variable part is written
// as ${TagKey} or <key>.
type ConditionKey struct {
	Name string
	Type string // "String", "ArrayOfString", "Bool" ...; "" when the data does not say
}

var embeddedCatalog = sync.OnceValue(func() *Catalog {
	c, err := ReadCatalog(bytes.NewReader(embeddedData))
	if err != nil {
		return &Catalog{} // cannot be: a test reads the embedded data
	}
	return c
})

// EmbeddedCatalog returns the catalog of [DataVersion]. It is unpacked on first use.
func EmbeddedCatalog() *Catalog { return embeddedCatalog() }

// ReadCatalog reads a catalog as the package's generator writes it, so that a
// program can bring newer data than it was built with.
func ReadCatalog(r io.Reader) (*Catalog, error) {
	zr, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("action data: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(zr, 64<<20))
	if err != nil {
		return nil, fmt.Errorf("action data: %w", err)
	}
	head, rest, _ := strings.Cut(string(text), "\nS\t")
	c := &Catalog{services: map[string]func() *Service{}}
	for line := range strings.Lines(head) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		switch {
		case f[0] == "V" && len(f) == 3:
			c.version, c.date = f[1], f[2]
		case f[0] == "C" && len(f) == 2:
			c.rcp = strings.Split(f[1], ",")
		}
	}
	if c.version == "" {
		return nil, errors.New("action data: no version line")
	}
	for section := range strings.SplitSeq(rest, "\nS\t") {
		prefix, body, _ := strings.Cut(section, "\n")
		c.services[prefix] = sync.OnceValue(func() *Service { return readService(prefix, body) })
	}
	return c, nil
}

func readService(prefix, body string) *Service {
	s := &Service{Prefix: prefix}
	for line := range strings.Lines(body) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		for len(f) < 5 {
			f = append(f, "")
		}
		switch f[0] {
		case "K":
			s.Keys = append(s.Keys, ConditionKey{Name: f[1], Type: f[2]})
		case "R":
			s.Types = append(s.Types, ResourceType{Name: f[1], ARN: f[2], Keys: indexes(f[3])})
		case "A":
			s.Actions = append(s.Actions, Action{Name: f[1], Levels: f[2], Types: indexes(strings.ReplaceAll(f[3], "!", "")), Required: required(f[3]), Keys: indexes(f[4])})
		}
	}
	return s
}

func indexes(list string) (out []int) {
	if list == "" {
		return nil
	}
	for text := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(text)
		if err != nil {
			return nil
		}
		out = append(out, n)
	}
	return out
}

func required(list string) (out []bool) {
	if list == "" {
		return nil
	}
	for text := range strings.SplitSeq(list, ",") {
		out = append(out, strings.HasSuffix(text, "!"))
	}
	return out
}

// Version of the data, and the day it was collected.
func (c *Catalog) Version() (version, date string) { return c.version, c.date }

// Prefixes lists all service prefixes, sorted.
func (c *Catalog) Prefixes() []string {
	var all []string
	for p := range c.services {
		all = append(all, p)
	}
	slices.Sort(all)
	return all
}

// Service returns a service by its prefix, in any case; nil when unknown.
func (c *Catalog) Service(prefix string) *Service {
	if f := c.services[strings.ToLower(prefix)]; f != nil {
		return f()
	}
	return nil
}

// Action returns an action by name, in any case; nil when unknown.
func (s *Service) Action(name string) *Action {
	i, ok := slices.BinarySearchFunc(s.Actions, strings.ToLower(name), func(a Action, name string) int {
		return strings.Compare(strings.ToLower(a.Name), name)
	})
	if !ok {
		return nil
	}
	return &s.Actions[i]
}

// Match returns the actions of the service that a name with wildcards covers.
func (s *Service) Match(pattern string) []*Action {
	pattern = strings.ToLower(pattern)
	var all []*Action
	for i := range s.Actions {
		if byteGlob(pattern, []byte(strings.ToLower(s.Actions[i].Name))) {
			all = append(all, &s.Actions[i])
		}
	}
	return all
}

// Expand returns the full names of all known actions that an action pattern
// covers, sorted by service; none for a pattern that matches nothing today.
func (c *Catalog) Expand(pattern string) []string {
	p := parseAction(pattern)
	prefixes := []string{p.service}
	name := p.name
	switch p.form {
	case actionNever:
		return nil
	case actionAll:
		prefixes, name = c.Prefixes(), "*"
	case actionPrefix:
		name += "*"
	}
	var all []string
	for _, prefix := range prefixes {
		if s := c.Service(prefix); s != nil {
			for _, a := range s.Match(name) {
				all = append(all, prefix+":"+a.Name)
			}
		}
	}
	return all
}
