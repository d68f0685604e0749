package inspector

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/awsposture/posture"
)

// Path is a way from outside of its network to an instance, as an active finding
// shows it: through an internet gateway, also by way of a load balancer, a peering
// connection or a virtual private gateway. The steps of Network say which. See
// "Network reachability" in the Inspector User Guide.
type Path struct {
	Resource posture.Resource  `json:"resource"`
	Tags     map[string]string `json:"-"`
	Network  Network           `json:"network"`
	Finding  string            `json:"finding"` // ARN
}

// Paths reads the ways from outside to the account's instances that
// Inspector found.
func (r *Region) Paths(ctx context.Context) ([]Path, error) {
	return r.paths.Get(ctx, func(ctx context.Context) ([]Path, error) { return listPaths(ctx, r, false) })
}

func listPaths(ctx context.Context, r *Region, all bool) (paths []Path, err error) {
	for f, err := range r.Query(ctx, Query{Types: []FindingType{NetworkReachability}, AllAccounts: all}) {
		switch {
		case err != nil:
			return paths, err
		case f.Type != NetworkReachability:
			continue
		case f.Network == nil:
			return paths, malformed("ListFindings", "finding %s of network reachability has no ports", f.ARN)
		}
		paths = append(paths, Path{f.Resource, f.Tags, *f.Network, f.ARN})
	}
	return paths, nil
}

// AdminPorts are the ports of remote administration and of databases that no
// instance shows to other networks: SSH, RDP, WinRM, and the usual databases.
func AdminPorts() []int32 {
	return []int32{22, 1433, 1521, 3306, 3389, 5432, 5439, 5985, 5986, 6379, 9200, 11211, 27017}
}

// ReachablePort judges that no instance shows a port of administration or of a
// database to other networks: that Inspector found no network path to one. See
// "Network reachability" in the Inspector User Guide.
type ReachablePort struct {
	Region *Region
	Ports  []int32 // default AdminPorts()
}

// PortEvidence is the paths to an instance's ports.
type PortEvidence struct {
	Paths []Path `json:"paths"`
}

// String says it in a sentence.
func (e PortEvidence) String() string {
	if len(e.Paths) == 0 {
		return "No port is reachable."
	}
	var says []string
	for _, p := range e.Paths {
		says = append(says, p.Network.reach())
	}
	s := strings.Join(sorted(says), ", ")
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

// Control implements posture.Evaluator.
func (e ReachablePort) Control() posture.Control {
	return posture.Control{
		ID:       "inspector.reachable-admin-port",
		Title:    "No port of administration or of a database is reachable",
		Doc:      "Ports of administration are tried by everyone who reaches them, all the time. Close them and use Session Manager; let databases be reached from their applications only.",
		Severity: posture.High, Scope: posture.Regional, Resource: TypeInstance,
		Requires: actions("BatchGetAccountStatus", "ListFindings"),
		Params:   []posture.Param{{Name: "ports", Value: joinPorts(e.ports()), Default: joinPorts(AdminPorts()), AsOf: "2026-11"}},
	}
}

func (e ReachablePort) ports() []int32 {
	if e.Ports != nil {
		return e.Ports
	}
	return AdminPorts()
}

func joinPorts(ports []int32) string {
	return strings.Trim(strings.Join(strings.Fields(fmt.Sprint(ports)), ","), "[]")
}

// Place implements posture.Evaluator.
func (e ReachablePort) Place() posture.Place { return e.Region.Place() }

// Evaluate implements posture.Evaluator.
func (e ReachablePort) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, r := e.Control(), e.Region
	_, off, err := r.on(ctx, c, EC2)
	if off != nil || err != nil {
		return off, err
	}
	paths, err := r.Paths(ctx)
	at := map[string][]Path{}
	for _, p := range paths {
		if slices.ContainsFunc(e.ports(), func(n int32) bool { return p.Network.From <= n && n <= p.Network.To }) {
			at[p.Resource.ID] = append(at[p.Resource.ID], p)
		}
	}
	var fs []posture.Finding
	for _, id := range sortedKeys(at) {
		f := c.Fail(at[id][0].Resource, PortEvidence{at[id]})
		f.Tags = at[id][0].Tags
		fs = append(fs, f)
	}
	if fs == nil && err == nil {
		fs = append(fs, c.Pass(r.resource(), OpenEvidence{len(paths), "shows a port of administration or of a database"}))
	}
	return fs, err
}
