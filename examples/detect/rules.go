package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/awsposture/posture/detective/trail/eventpattern"
	"github.com/awsposture/posture/detective/trail/lint"
	"github.com/awsposture/posture/detective/trail/rule"
	"github.com/awsposture/posture/detective/trail/sigma"
)

// collection is the rules of files.
type collection struct {
	sigma    sigma.Collection
	errs     []error
	patterns map[string]*eventpattern.Pattern // by rule id
	files    map[string]string                // of the patterns
	order    []string
}

func (c *collection) addSigma(name string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	// A document that is wrong leaves the others in place.
	if err := c.sigma.Add(name, text); err != nil {
		c.errs = append(c.errs, err)
	}
	return nil
}

func (c *collection) addPattern(name string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	p, err := eventpattern.Parse(text)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if c.patterns == nil {
		c.patterns, c.files = map[string]*eventpattern.Pattern{}, map[string]string{}
	}
	id := strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
	c.patterns[id], c.files[id] = p, name
	c.order = append(c.order, id)
	return nil
}

// rules are all rules together. It tells what is wrong with them; failed when
// some are left out.
func (c *collection) rules(builtIn []rule.Rule, errs io.Writer) (rules []rule.Rule, failed bool) {
	found, notes, err := c.sigma.Rules()
	if err != nil {
		c.errs = append(c.errs, err)
	}
	for _, n := range notes {
		fmt.Fprintf(errs, "note: %s: %s\n", n.Rule, n.Text)
	}
	for _, id := range c.order {
		x, err := c.patterns[id].Expr()
		if err != nil {
			c.errs = append(c.errs, fmt.Errorf("%s: %w", c.files[id], err))
			continue
		}
		found = append(found, rule.Rule{ID: id, Title: "Event pattern " + id, Level: "medium", Expr: x})
	}
	for _, err := range c.errs {
		fmt.Fprintln(errs, err)
	}
	for _, p := range lint.Rules(found) {
		fmt.Fprintf(errs, "%s%s\n", c.place(p), p)
	}
	for _, n := range lint.Notes(found) {
		// What only reads is in the logs all the same.
		if n.Kind != lint.NeedsReads {
			fmt.Fprintf(errs, "note: %s\n", n)
		}
	}
	return append(builtIn, found...), len(c.errs) > 0
}

// place is where a problem stands, for an editor to jump to.
func (c *collection) place(p lint.Problem) string {
	if pattern := c.patterns[p.Rule]; pattern != nil {
		if at := pattern.Place(p.Path, p.Text); at != "" {
			return c.files[p.Rule] + ": " + at + ": "
		}
		return c.files[p.Rule] + ": "
	}
	if file, line := c.sigma.Place(p.Rule, p.Path, p.Text); file != "" {
		return fmt.Sprintf("%s:%d: ", file, line)
	}
	return ""
}
