package inspector

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/awsposture/posture"
)

// FixKind is what is done to close findings.
type FixKind string

// The kinds of fixes.
const (
	UpgradePackage  FixKind = "upgrade-package"  // in place, on instances
	RebuildAMI      FixKind = "rebuild-ami"      // and replace the instances made of it
	RebuildImage    FixKind = "rebuild-image"    // from a layer that is mended
	UpdateFunction  FixKind = "update-function"  // its dependencies
	UpdateLayer     FixKind = "update-layer"     // of Lambda functions
	ClosePath       FixKind = "close-path"       // from outside of the instance's network
	ChangeCode      FixKind = "change-code"      // of a function or repository
	UpdateManifests FixKind = "update-manifests" // of a repository's dependencies
)

// FixKey names one fix: two findings with the same key are closed by it.
type FixKey struct {
	Kind  FixKind `json:"kind"`
	Where string  `json:"where"`        // AMI, repository, function, layer, instance; "" anywhere
	What  string  `json:"what"`         // packages with their target versions, image layer, ports
	By    string  `json:"by,omitempty"` // package manager
}

// String says what to do.
func (k FixKey) String() string {
	switch k.Kind {
	case UpgradePackage:
		return fmt.Sprintf("Upgrade to %s (%s)", k.What, k.By)
	case RebuildAMI:
		return "Rebuild the AMI " + k.Where + " and replace its instances"
	case RebuildImage:
		return fmt.Sprintf("Rebuild the images of %s on a mended layer %s", k.Where, k.What)
	case UpdateFunction:
		return "Update the dependencies of function " + k.Where
	case UpdateLayer:
		return "Update the Lambda layer " + k.Where
	case ClosePath:
		return fmt.Sprintf("Close %s of %s to other networks", k.What, k.Where)
	case UpdateManifests:
		return "Update the dependencies of repository " + k.Where
	}
	return fmt.Sprintf("Change the code of %s: %s", k.Where, k.What)
}

func (k FixKey) compare(o FixKey) int {
	return cmp.Or(cmp.Compare(k.Kind, o.Kind), cmp.Compare(k.Where, o.Where), cmp.Compare(k.What, o.What), cmp.Compare(k.By, o.By))
}

// Fixes are the fixes that close a finding, each alone. It has none where no
// version mends every one of its packages.
func (v Finding) Fixes() []FixKey {
	switch {
	case v.Type == NetworkReachability && v.Network != nil:
		return []FixKey{{Kind: ClosePath, Where: v.Resource.ID, What: v.Network.ports()}}
	case v.Type == CodeVulnerability && v.Code != nil:
		return []FixKey{{Kind: ChangeCode, Where: cmp.Or(v.Function, v.Resource.ID), What: v.Code.Detector}}
	case !v.Fixable() || len(v.Packages) == 0:
		return nil
	}
	switch v.Resource.Type {
	case TypeInstance:
		what, by := v.target()
		keys := []FixKey{{Kind: UpgradePackage, What: what, By: by}}
		if v.Image != "" {
			keys = append(keys, FixKey{Kind: RebuildAMI, Where: v.Image})
		}
		return keys
	case TypeImage:
		return []FixKey{{Kind: RebuildImage, Where: v.Repository, What: cmp.Or(v.Packages[0].Layer, v.Image)}}
	case TypeFunction:
		if layer := v.Packages[0].Layer; layer != "" {
			return []FixKey{{Kind: UpdateLayer, Where: layer}}
		}
		return []FixKey{{Kind: UpdateFunction, Where: cmp.Or(v.Function, v.Resource.ID)}}
	case TypeCodeRepository:
		return []FixKey{{Kind: UpdateManifests, Where: v.Resource.ID}}
	}
	return nil
}

// target names the packages and the versions that mend them, sorted.
func (v Finding) target() (what, by string) {
	if len(v.Packages) == 1 {
		p := v.Packages[0]
		return p.Name + " " + p.Fixed, p.Manager
	}
	var whats, bys []string
	for _, p := range v.Packages {
		whats, bys = append(whats, p.Name+" "+p.Fixed), append(bys, p.Manager)
	}
	join := func(s []string) string {
		slices.Sort(s)
		return strings.Join(slices.Compact(s), ", ")
	}
	return join(whats), join(bys)
}

func (n Network) ports() string {
	if n.From == n.To {
		return fmt.Sprintf("port %d (%s)", n.From, n.Protocol)
	}
	return fmt.Sprintf("ports %d to %d (%s)", n.From, n.To, n.Protocol)
}

// reach says in a clause how an instance is reached.
func (n Network) reach() string {
	for _, id := range n.Path {
		if strings.HasPrefix(id, "igw-") || strings.HasPrefix(id, "vgw-") || strings.HasPrefix(id, "pcx-") {
			return n.ports() + " reachable through " + id
		}
	}
	return n.ports() + " reachable"
}

// remedy says in a clause what mends a finding.
func remedy(f Finding) string {
	switch {
	case f.Network != nil:
		return "closed by closing " + f.Network.ports()
	case f.Code != nil:
		return "mended in the code"
	case len(f.Packages) == 0:
		return "AWS names no fix"
	}
	what, _ := f.target()
	switch f.Fix {
	case "YES":
		return "fixed by " + what
	case "PARTIAL":
		return "only some of its packages have a fix"
	}
	return "no fix is available"
}

// Fix is one fix and what it closes.
type Fix struct {
	Key       FixKey       `json:"key"`
	Do        string       `json:"do"`
	Closes    int          `json:"closes"` // findings
	Urgent    int          `json:"urgent"` // of those, in T0 to T2
	Tiers     map[Tier]int `json:"tiers"`
	Resources int          `json:"resources"` // touched
	Worst     string       `json:"worst"`     // the reason of the most urgent finding that it closes
}

// group is a Fix under way.
type group struct {
	key       FixKey
	closes    int
	tiers     [T6 + 1]int
	resources map[int32]struct{}
	worst     Item
}

func (g *group) add(i Item, resource int32) {
	g.closes++
	g.tiers[i.Tier]++
	g.resources[resource] = struct{}{}
	if g.worst.Tier == NoTier || i.Compare(g.worst) < 0 {
		g.worst = i
	}
}

func (g *group) urgent() int { return g.tiers[T0] + g.tiers[T1] + g.tiers[T2] }

// tally gives the tiers that count anything.
func tally(counts [T6 + 1]int) map[Tier]int {
	m := map[Tier]int{}
	for t, n := range counts {
		if n > 0 {
			m[Tier(t)] = n
		}
	}
	return m
}

// Risk is what is found on one resource.
type Risk struct {
	Resource    posture.Resource  `json:"resource"`
	Tags        map[string]string `json:"-"`
	Findings    int               `json:"findings"`
	Tiers       map[Tier]int      `json:"tiers"`
	Worst       string            `json:"worst"`                 // the reason of the most urgent
	Overdue     int               `json:"overdue,omitempty"`     // findings past their due date
	OverdueTier Tier              `json:"overdueTier,omitempty"` // of the most urgent of those
	Oldest      string            `json:"oldest,omitempty"`      // the date since which the oldest of those is open
	Known       []string          `json:"known,omitempty"`       // known exploited and past CISA's date or the limit: vulnerability, date
	Exploitable int               `json:"exploitable,omitempty"` // with an exploit, and reachable
}
