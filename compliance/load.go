package compliance

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Frameworks lists what Load knows, by key and version, without requirements.
func Frameworks() ([]Framework, error) {
	c, err := catalogued()
	if err != nil {
		return nil, err
	}
	var all []Framework
	for _, r := range c.frameworks.rows {
		all = append(all, head(r))
	}
	return all, nil
}

// head reads a row of frameworks.tsv. An empty total is 0: not derived.
func head(r []string) Framework {
	total, _ := strconv.Atoi(r[6])
	return Framework{
		Key: r[0], Version: r[1], Name: r[2], Publisher: r[3], Status: r[4], AsOf: r[5], Total: total, Basis: r[7],
		Text: r[8], Pattern: r[9], Source: r[11],
	}
}

// Load gives a framework that the package carries, with its requirements and
// mappings, for example Load("cis-aws", "5.0.0"). The caller owns what it gets.
func Load(key, version string) (*Framework, error) {
	c, err := catalogued()
	if err != nil {
		return nil, err
	}
	for _, r := range c.frameworks.rows {
		if r[0] != key || r[1] != version {
			continue
		}
		f := head(r)
		base, label, _ := strings.Cut(cmp.Or(r[10], f.String()), " ")
		if err := c.fill(&f, base, label); err != nil {
			return nil, err
		}
		return &f, nil
	}
	var known []string
	for _, r := range c.frameworks.rows {
		known = append(known, r[0]+"@"+r[1])
	}
	return nil, fmt.Errorf("compliance: framework %s@%s is not known (%s)", key, version, strings.Join(known, ", "))
}

// fill reads the requirements of base that carry the label, and maps them. A
// baseline is the part of its catalogue with a label, so it has the same
// requirements and the same mappings.
func (c *catalogue) fill(f *Framework, base, label string) error {
	switch letter := hubStandards[f.Key]; {
	case letter != "":
		c.fromHub(f, letter)
		return nil
	case c.cis.column(f.Version) >= 0 && f.Key == "cis-aws":
		c.fromCrosswalk(f)
		return nil
	}
	t, err := read("requirements/" + base + ".tsv")
	if err != nil {
		return err
	}
	own := c.own(base)
	related := c.related(f, base)
	for _, r := range t.rows {
		id, kind, labels := r[0], r[2], strings.Fields(r[3])
		if kind == "g" || label != "" && !slices.Contains(labels, label) {
			continue
		}
		q := Requirement{ID: id, Parent: r[1], Title: r[4], Labels: labels, Withdrawn: kind == "w"}
		switch kind { // t: technical, the customer's
		case "o":
			q.Kind = Organizational
		case "p":
			q.Kind, q.Owner = Physical, AWS
		case "s":
			q.Kind, q.Owner = Organizational, Shared
		case "x":
			q.Owner = Shared
		}
		if !q.Withdrawn {
			q.Mappings = slices.Concat(own[id], related[id])
		}
		if f.Key == "aws-wa" {
			q.Mappings = c.ofPillar(id)
		}
		f.Requirements = append(f.Requirements, q)
	}
	return nil
}

// own are the mappings that this library makes itself.
func (c *catalogue) own(base string) map[string][]Mapping {
	all := map[string][]Mapping{}
	for _, r := range c.mappings.rows {
		if r[0] == base {
			ids := c.controls(r[2])
			all[r[1]] = append(all[r[1]], Mapping{Controls: ids, Strength: strengthOf(r[3]), Remainder: r[4], Minimums: c.least(ids, base+" "+r[1]), Source: "own"})
		}
	}
	return all
}

// related are the mappings that follow from what AWS relates to its Security
// Hub controls: never more than a part of the requirement.
func (c *catalogue) related(f *Framework, base string) map[string][]Mapping {
	col, members := c.hub.column(base), c.hub.column("members")
	all := map[string][]Mapping{}
	for _, r := range c.hub.rows {
		if slices.Contains(strings.Fields(r[members]), base) {
			f.Members = append(f.Members, r[0])
		}
		if col < 0 || r[hubControls] == "" {
			continue
		}
		for id := range strings.FieldsSeq(r[col]) {
			ids := c.controls(r[hubControls])
			all[id] = append(all[id], Mapping{Controls: ids, Wider: isWider(r[hubStrength]), Remainder: c.phrases["related"], Minimums: c.least(ids, base+" "+id), Source: "AWS Security Hub " + r[0]})
		}
	}
	return all
}

// fromHub fills a standard of AWS itself, whose requirements are its Security
// Hub controls.
func (c *catalogue) fromHub(f *Framework, letter string) {
	for _, r := range c.hub.rows {
		if !strings.Contains(r[hubStandard], letter) {
			continue
		}
		q := Requirement{ID: r[0], Parent: service(r[0]), Title: r[hubTitle]}
		if r[hubControls] != "" {
			ids := c.controls(r[hubControls])
			q.Mappings = []Mapping{{
				Controls: ids, Strength: strengthOf(r[hubStrength]), Wider: isWider(r[hubStrength]), Remainder: c.remainder(r[hubStrength], r[hubRemainder]),
				Minimums: c.least(ids, "securityhub "+r[0]), Source: "own",
			}}
		}
		f.Requirements = append(f.Requirements, q)
	}
}

// fromCrosswalk fills a CIS AWS Foundations Benchmark. The benchmark renumbers
// between versions; the crosswalk's topics stay. Level, and whether the publisher
// calls an item manual, are those of the newest version that has it.
func (c *catalogue) fromCrosswalk(f *Framework) {
	col := c.cis.column(f.Version)
	for _, r := range c.cis.rows {
		id := r[col]
		if id == "" {
			continue
		}
		q := Requirement{ID: id, Parent: id[:strings.LastIndex(id, ".")], Title: r[1], Labels: []string{"level-" + r[11], r[10]}}
		if r[13] == "" && r[16] == "no-api" {
			q.Kind = Organizational
		}
		if r[13] != "" {
			ids := c.controls(r[13])
			q.Mappings = []Mapping{{
				Controls: ids, Strength: strengthOf(r[14]), Wider: isWider(r[14]), Remainder: c.remainder(r[14], r[15]),
				Minimums: c.least(ids, "cis "+r[0]), Source: "own",
			}}
		}
		f.Requirements = append(f.Requirements, q)
	}
	slices.SortFunc(f.Requirements, func(a, b Requirement) int { return slices.Compare(versionOf(a.ID), versionOf(b.ID)) })
}

// strengthOf reads a cell such as "full", "partial" or "full wider".
func strengthOf(cell string) Strength {
	if strings.HasPrefix(cell, "full") {
		return Full
	}
	return Partial
}

func isWider(cell string) bool { return strings.HasSuffix(cell, " wider") }

// remainder spells out what a partial mapping leaves open. The phrase of a full
// one says how its control differs.
func (c *catalogue) remainder(strength, phrase string) string {
	if strengthOf(strength) == Full {
		return ""
	}
	return c.phrases[phrase]
}

func service(hubID string) string {
	name, _, _ := strings.Cut(hubID, ".")
	return name
}
