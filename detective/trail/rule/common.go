package rule

import "encoding/binary"

// common has what remains for different heads only once where it is equal, so
// that it is little, and stays in the processor's cache.
type common struct {
	ids  map[*node]uint64 // of the nodes that are kept
	byID map[string]*node // by what they are and their kids' ids
	all  map[string]*remains
	key  []byte
}

// node is the node that is kept for those equal to n.
func (m *common) node(n *node) *node {
	if _, ok := m.ids[n]; ok {
		return n
	}
	if m.ids == nil {
		m.ids, m.byID, m.all = map[*node]uint64{}, map[string]*node{}, map[string]*remains{}
	}
	if n.op == nAnd || n.op == nOr || n.op == nNot {
		c := *n
		c.kids = make([]*node, len(n.kids))
		for i, k := range n.kids {
			c.kids[i] = m.node(k)
		}
		key := append(m.key[:0], n.op)
		for _, k := range c.kids {
			key = binary.LittleEndian.AppendUint64(key, m.ids[k])
		}
		m.key = key
		if o := m.byID[string(key)]; o != nil {
			return o
		}
		n = &c
		m.byID[string(key)] = n
	}
	m.ids[n] = uint64(len(m.ids))
	return n
}

// remains is what is kept for that which is equal to r, whose nodes are kept.
func (m *common) remains(r *remains) *remains {
	key := m.key[:0]
	for _, c := range r.all {
		key = binary.LittleEndian.AppendUint64(key, uint64(c.rule))
		key = binary.LittleEndian.AppendUint64(key, m.ids[c.n])
	}
	m.key = key
	if o := m.all[string(key)]; o != nil {
		return o
	}
	if m.all == nil {
		m.all = map[string]*remains{}
	}
	m.all[string(key)] = r
	return r
}
