package advisor

import (
	"fmt"
	"slices"
	"strings"

	"github.com/awsposture/posture"
)

// The checks on security groups that are recomputed by functions of this file.
const (
	CheckSpecificPorts             = "HCP4007jGY"
	CheckUnrestrictedAccess        = "1iG5NDGVre"
	CheckClassicLoadBalancerGroups = "xSqX82fQu"
)

// PortRange is ports of a protocol. Protocol is as EC2 has it: "tcp", "udp",
// "icmp", "-1" for every one, or a number.
type PortRange struct {
	Protocol string
	From, To int // the ports, both included; of no meaning for "-1"
}

func (r PortRange) all() bool { return r.Protocol == "-1" || r.Protocol == "all" }

func (r PortRange) ports() bool {
	return r.all() || r.Protocol == "tcp" || r.Protocol == "udp" || r.Protocol == "6" || r.Protocol == "17"
}

func (r PortRange) String() string {
	switch {
	case r.all():
		return "every port of every protocol"
	case r.From == r.To:
		return fmt.Sprintf("%s port %d", r.Protocol, r.From)
	}
	return fmt.Sprintf("%s ports %d to %d", r.Protocol, r.From, r.To)
}

// outside gives whether the range has a port that is not among some.
func (r PortRange) outside(ports []int) bool {
	if r.all() {
		return true
	}
	inside := 0
	for _, p := range ports {
		if r.From <= p && p <= r.To {
			inside++
		}
	}
	return r.To-r.From+1 > inside
}

func (r PortRange) includes(ports []int) bool {
	return r.all() || slices.ContainsFunc(ports, func(p int) bool { return r.From <= p && p <= r.To })
}

// Opening is a rule of a security group that lets traffic in.
type Opening struct {
	PortRange
	From4 string // the IPv4 prefix it is open to, "" for another kind of source
}

func (o Opening) toAll() bool { return o.From4 == "0.0.0.0/0" }

// wide tells whether the prefix is of length 0, however it is written.
func (o Opening) wide() bool { return strings.HasSuffix(o.From4, "/0") }

// GroupFact is a security group of the account.
type GroupFact struct {
	Group    posture.Resource
	Attached bool // to a network interface
	In       []Opening
}

var (
	saferPorts     = []int{25, 80, 443, 465}
	dangerousPorts = []int{20, 21, 22, 1433, 1434, 3306, 3389, 4333, 5432, 5500}
	openPorts      = []int{25, 80, 443}
)

// SpecificPorts recomputes "Security Groups - Specific Ports Unrestricted". Only
// what is open to the IPv4 prefix 0.0.0.0/0 counts. A range is judged by its worst
// port: 20, 21, 22, 1433, 1434, 3306, 3389, 4333, 5432 and 5500 are red, 25, 80,
// 443 and 465 green, all others yellow; every protocol at once is red. Protocols
// without ports are not judged.
func SpecificPorts(groups []GroupFact) []Row {
	return openings(groups, func(_ GroupFact, o Opening) (Colour, bool) {
		switch {
		case !o.toAll() || !o.ports():
			return Green, false
		case o.includes(dangerousPorts):
			return Red, true
		case o.outside(saferPorts):
			return Yellow, true
		}
		return Green, true
	})
}

// UnrestrictedAccess recomputes "Security Groups - Unrestricted Access": a prefix
// of length 0 on another port than 25, 80 and 443 is yellow where the group is
// attached and red where it is not, as the check has it.
func UnrestrictedAccess(groups []GroupFact) []Row {
	return openings(groups, func(g GroupFact, o Opening) (Colour, bool) {
		switch {
		case !o.wide() || !o.ports() || !o.outside(openPorts):
			return Green, false
		case g.Attached:
			return Yellow, true
		}
		return Red, true
	})
}

// openings judges every rule of every group, and gives a row per group: its worst
// rule, or that none counts.
func openings(groups []GroupFact, judge func(GroupFact, Opening) (Colour, bool)) []Row {
	rows := make([]Row, 0, len(groups))
	for _, g := range groups {
		row := Row{Resource: g.Group, Colour: Green, Reason: "Nothing that counts is open to every address."}
		for _, o := range g.In {
			if c, counts := judge(g, o); counts && (c.worse(row.Colour) || row.Colour == Green) {
				row.Colour, row.Reason = c, fmt.Sprintf("It is open to %s on %s.", o.From4, o.PortRange)
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// ClassicGroupFact is a Classic Load Balancer with its security groups.
type ClassicGroupFact struct {
	LoadBalancer posture.Resource
	Listeners    []int
	Open         []PortRange // what its groups let in, from anywhere
}

// ClassicLoadBalancerGroups recomputes "Classic Load Balancer Security Groups": a
// group that lets in a port on which the load balancer does not listen is yellow.
// ICMP is let in for finding the path's MTU and does not count.
func ClassicLoadBalancerGroups(balancers []ClassicGroupFact) []Row {
	rows := make([]Row, 0, len(balancers))
	for _, b := range balancers {
		row := Row{Resource: b.LoadBalancer, Colour: Green, Reason: "Its security groups let in the ports of its listeners only."}
		for _, open := range b.Open {
			if open.ports() && open.outside(b.Listeners) {
				row.Colour, row.Reason = Yellow, fmt.Sprintf("Its security groups let in %s, and it does not listen there.", open)
				break
			}
		}
		rows = append(rows, row)
	}
	return rows
}
