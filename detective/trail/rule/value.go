package rule

// value is a text that a correlation counts the distinct ones of, or computes
// with. Equal texts in one correlation are one value.
type value struct {
	text string
	list []*value // instead of a text: the values of a match that has several
	uses int      // by entries; unused values are forgotten
	seen int      // by the sliding window
}

func (v *value) each(f func(*value)) {
	switch {
	case v == nil:
	case v.list != nil:
		for _, k := range v.list {
			f(k)
		}
	default:
		f(v)
	}
}

func (v *value) len() int {
	switch {
	case v == nil:
		return 0
	case v.list != nil:
		return len(v.list)
	}
	return 1
}

func (v *value) texts() (out []string) {
	v.each(func(v *value) { out = append(out, v.text) })
	return out
}

// value finds or makes the value for packed texts.
func (w *window) value(packed []byte) *value {
	if len(packed) == 0 {
		return nil
	}
	text, rest := cutText(packed)
	if len(rest) > 0 {
		v := &value{}
		for _, t := range texts(packed) {
			v.list = append(v.list, w.one([]byte(t)))
		}
		return v
	}
	return w.one(text)
}

func (w *window) one(text []byte) *value {
	last := w.recent.at(text, 1<<8)
	// A value that no entry uses may have been forgotten.
	if v := last.value; v != nil && v.uses > 0 && v.text == string(text) {
		return v
	}
	v := w.values[string(text)]
	if v == nil {
		v = &value{text: string(text)}
		w.values[v.text] = v
	}
	last.value = v
	return v
}

func (w *window) use(v *value) {
	v.each(func(v *value) {
		if v.uses++; v.uses == 1 {
			// It may have been forgotten while room was made for its group.
			w.values[v.text] = v
		}
	})
}

// release forgets a value that no entry came to use.
func (w *window) release(v *value) {
	v.each(func(v *value) {
		if v.uses == 0 {
			delete(w.values, v.text)
		}
	})
}

func (w *window) unuse(v *value) {
	v.each(func(v *value) {
		if v.uses--; v.uses == 0 {
			delete(w.values, v.text)
		}
	})
}
