package main

import (
	"bytes"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

type generator struct {
	dir  string
	text bytes.Buffer
	rcp  []string
	// names of all actions in lower case, with their service
	names                          map[string]bool
	services, actions, types, keys int
}

type action struct {
	Name, AccessLevel string
	ResourceTypes     []struct {
		Name          string
		Required      bool
		ConditionKeys []string
	}
	ConditionKeys []string
}

type resourceType struct {
	Key, ARN      string
	ConditionKeys []string
}

type conditionKey struct{ Key, Type string }

// all writes the whole text. It is one line a thing, fields parted by tabs:
//
//	V version date         once, first
//	C services             covered by resource control policies
//	S prefix               starts a service
//	K key type             condition keys, numbered from 0 within the service
//	R name arn keys        resource types, numbered likewise
//	A name levels types keys
//
// keys and types are lists of numbers; a type with "!" is required.
func (g *generator) all(version, updated string) error {
	g.names = map[string]bool{}
	var services []string
	if err := readJSON(filepath.Join(g.dir, "services.json"), &services); err != nil {
		return err
	}
	if err := readJSON(filepath.Join(g.dir, "rcpSupportedServices.json"), &g.rcp); err != nil {
		return err
	}
	slices.Sort(services)
	slices.Sort(g.rcp)
	fmt.Fprintf(&g.text, "V\t%s\t%s\nC\t%s\n", version, updated[:len("2006-01-02")], strings.Join(g.rcp, ","))
	for _, s := range services {
		if err := g.service(s); err != nil {
			return fmt.Errorf("service %s: %w", s, err)
		}
		g.services++
	}
	return nil
}

// number gives each name of a list its place.
type number map[string]int

func (n number) list(names []string) string {
	var places []int
	for _, name := range names {
		if i, ok := n[strings.ToLower(name)]; ok && !slices.Contains(places, i) {
			places = append(places, i)
		}
	}
	slices.Sort(places)
	texts := make([]string, len(places))
	for i, p := range places {
		texts[i] = strconv.Itoa(p)
	}
	return strings.Join(texts, ",")
}

func (g *generator) service(prefix string) error {
	var actions map[string]action
	var types map[string]resourceType
	var keys map[string]conditionKey
	for dir, v := range map[string]any{"actions": &actions, "resourceTypes": &types, "conditionKeys": &keys} {
		if err := readJSON(filepath.Join(g.dir, dir, prefix+".json"), v); err != nil {
			return err
		}
	}
	fmt.Fprintf(&g.text, "S\t%s\n", prefix)
	// Actions may list global keys that the file of keys leaves out.
	all := func(names []string) {
		for _, name := range names {
			if _, ok := keys[strings.ToLower(name)]; !ok {
				keys[strings.ToLower(name)] = conditionKey{Key: name}
			}
		}
	}
	for _, a := range actions {
		all(a.ConditionKeys)
		for _, t := range a.ResourceTypes {
			all(t.ConditionKeys)
		}
	}
	for _, t := range types {
		all(t.ConditionKeys)
	}
	keyNumber, typeNumber := number{}, number{}
	for i, name := range slices.Sorted(maps.Keys(keys)) {
		keyNumber[name] = i
		fmt.Fprintf(&g.text, "K\t%s\t%s\n", keys[name].Key, keys[name].Type)
	}
	for i, name := range slices.Sorted(maps.Keys(types)) {
		typeNumber[name] = i
		fmt.Fprintf(&g.text, "R\t%s\t%s\t%s\n", types[name].Key, types[name].ARN, keyNumber.list(types[name].ConditionKeys))
	}
	for _, name := range slices.Sorted(maps.Keys(actions)) {
		a := actions[name]
		g.names[prefix+":"+name] = true
		var resources []string
		for _, t := range a.ResourceTypes {
			i, ok := typeNumber[strings.ToLower(t.Name)]
			if !ok {
				return fmt.Errorf("action %s: resource type %s is not defined", a.Name, t.Name)
			}
			text := strconv.Itoa(i)
			if t.Required {
				text += "!"
			}
			resources = append(resources, text)
			a.ConditionKeys = append(a.ConditionKeys, t.ConditionKeys...)
		}
		slices.Sort(resources)
		fmt.Fprintf(&g.text, "A\t%s\t%s\t%s\t%s\n", a.Name, levels(a.AccessLevel), strings.Join(resources, ","), keyNumber.list(a.ConditionKeys))
	}
	g.actions += len(actions)
	g.types += len(types)
	g.keys += len(keys)
	return nil
}

// levels abbreviates "Permissions management, Write" to "PW".
func levels(text string) string {
	var b strings.Builder
	for _, level := range strings.Split(text, ", ") {
		b.WriteByte(level[0])
	}
	return b.String()
}
