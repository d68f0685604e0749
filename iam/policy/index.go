package policy

import (
	"slices"
	"strings"
)

// index finds the statements that can match an action and a resource: by
// service, then by the literal beginning of their resource patterns.
type index struct {
	byService map[string]*prefixes
	any       *prefixes // statements about every service
}

// prefixes is a sorted list of distinct literal prefixes, each with the
// statements that have it.
type prefixes struct {
	nodes []prefixNode
}

type prefixNode struct {
	prefix     string
	parent     int32 // the longest shorter prefix of this one in the list, -1 for none
	statements []int32
}

func (x *index) build(statements []statement) {
	x.byService = map[string]*prefixes{}
	collect := map[string]map[string][]int32{}
	for i := range statements {
		s := &statements[i]
		starts := s.starts()
		for _, service := range s.services() {
			m := collect[service]
			if m == nil {
				m = map[string][]int32{}
				collect[service] = m
			}
			for _, start := range starts {
				m[start] = append(m[start], int32(i))
			}
		}
	}
	for service, m := range collect {
		p := newPrefixes(m)
		if service == "" {
			x.any = p
		} else {
			x.byService[service] = p
		}
	}
}

// A statement with more services or beginnings than these, which no real one
// has, is put where it is found for all: the index must not grow with the
// product of two long lists.
const (
	maxServices = 64
	maxStarts   = 1024
)

// services returns the services that the statement can be about, in lower
// case; "" for all.
func (s *statement) services() []string {
	if s.notAction {
		return []string{""}
	}
	var services []string
	for i := range s.actions {
		switch a := &s.actions[i]; {
		case a.form == actionNever:
		case a.form == actionAll:
			return []string{""}
		case !slices.Contains(services, a.service):
			if services = append(services, a.service); len(services) > maxServices {
				return []string{""}
			}
		}
	}
	return services
}

// starts returns the beginnings one of which every resource that the
// statement covers must have.
func (s *statement) starts() []string {
	if s.anyResource || s.notResource {
		return []string{""}
	}
	var starts []string
	for i := range s.resources {
		if start := s.resources[i].prefix; !slices.Contains(starts, start) {
			if starts = append(starts, start); len(starts) > maxStarts {
				return []string{""}
			}
		}
	}
	return starts
}

func newPrefixes(m map[string][]int32) *prefixes {
	p := &prefixes{nodes: make([]prefixNode, 0, len(m))}
	for prefix, statements := range m {
		p.nodes = append(p.nodes, prefixNode{prefix: prefix, statements: statements})
	}
	slices.SortFunc(p.nodes, func(a, b prefixNode) int { return strings.Compare(a.prefix, b.prefix) })
	for i := range p.nodes {
		// Everything between a prefix and what it begins shares it, so the
		// longest one is the neighbour before or one of the neighbour's own.
		parent := int32(i) - 1
		for parent >= 0 && !strings.HasPrefix(p.nodes[i].prefix, p.nodes[parent].prefix) {
			parent = p.nodes[parent].parent
		}
		p.nodes[i].parent = parent
	}
	return p
}

// all returns the statements in order.
func (p *prefixes) all() []int32 {
	if p == nil {
		return nil
	}
	var list []int32
	for i := range p.nodes {
		list = append(list, p.nodes[i].statements...)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// last returns the last node whose prefix is one of resource, -1 for none. Its
// ancestors are all the others.
func (p *prefixes) last(resource string) int32 {
	if p == nil {
		return -1
	}
	low, high := 0, len(p.nodes)
	for low < high {
		mid := int(uint(low+high) >> 1)
		if p.nodes[mid].prefix <= resource {
			low = mid + 1
		} else {
			high = mid
		}
	}
	i := int32(low) - 1
	for i >= 0 && !strings.HasPrefix(resource, p.nodes[i].prefix) {
		i = p.nodes[i].parent
	}
	return i
}
