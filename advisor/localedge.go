package advisor

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/awsposture/posture"
)

// The checks on load balancers and distributions that are recomputed by functions
// of this file.
const (
	CheckClassicListeners    = "a2sEc6ILx"
	CheckServerCertificates  = "N425c450f2"
	CheckApplicationBalancer = "8604e947f2"
)

// RecommendedListenerPolicy is the predefined policy that AWS Security Hub asks of
// Classic Load Balancers (ELB.8), as of November 2026. Where
// Trusted Advisor recommends another, give that one.
const RecommendedListenerPolicy = "ELBSecurityPolicy-TLS-1-2-2017-01"

// ListenerFact is a listener of a Classic Load Balancer.
type ListenerFact struct {
	Secure bool   // HTTPS or SSL
	Policy string // the predefined policy that its policy refers to, "" one of the owner's own
}

// ClassicListenerFact is a Classic Load Balancer with its listeners.
type ClassicListenerFact struct {
	LoadBalancer posture.Resource
	Listeners    []ListenerFact
}

// ClassicListeners recomputes "ELB Listener Security", of Classic Load Balancers
// only: red without a secure listener, yellow where one does not have the
// recommended predefined policy, "" being RecommendedListenerPolicy.
func ClassicListeners(balancers []ClassicListenerFact, recommended string) []Row {
	recommended = cmp.Or(recommended, RecommendedListenerPolicy)
	rows := make([]Row, 0, len(balancers))
	for _, b := range balancers {
		row := Row{Resource: b.LoadBalancer, Colour: Red, Reason: "None of its listeners is HTTPS or SSL."}
		for _, l := range b.Listeners {
			switch {
			case !l.Secure:
			case l.Policy != recommended:
				row.Colour, row.Reason = Yellow, fmt.Sprintf("A secure listener has not the policy %s but %s.", recommended, cmp.Or(l.Policy, "one of the owner's own"))
			case row.Colour == Red:
				row.Colour, row.Reason = Green, "Its secure listeners have the recommended policy."
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// CertificateFact is a distribution with the certificate of the IAM store that it
// serves.
type CertificateFact struct {
	Distribution posture.Resource
	NotAfter     time.Time
	SHA1         bool
	Names        []string // the certificate's common name and alternative names
	Aliases      []string // the distribution's own
}

// ServerCertificates recomputes "CloudFront Custom SSL Certificates in the IAM
// Certificate Store": red when it is over, yellow when less than 7 days are left,
// when it is signed with SHA-1, and when an alias of the distribution is not among
// its names.
func ServerCertificates(facts []CertificateFact, now time.Time) []Row {
	rows := make([]Row, 0, len(facts))
	for _, f := range facts {
		row := Row{Resource: f.Distribution, Colour: Yellow}
		stray := slices.IndexFunc(f.Aliases, func(alias string) bool {
			return !slices.ContainsFunc(f.Names, func(n string) bool { return matches(n, alias) })
		})
		switch {
		case f.NotAfter.IsZero():
			row.Colour, row.Reason = NotAvailable, "the end of its certificate was not given"
		case now.After(f.NotAfter):
			row.Colour, row.Reason = Red, "Its certificate was over on "+f.NotAfter.Format(time.DateOnly)+"."
		case f.NotAfter.Sub(now) <= 7*day:
			row.Reason = "Its certificate is over on " + f.NotAfter.Format(time.DateOnly) + "."
		case f.SHA1:
			row.Reason = "Its certificate is signed with SHA-1."
		case stray >= 0:
			row.Reason = "Its certificate does not have the name " + f.Aliases[stray] + "."
		default:
			row.Colour, row.Reason = Green, "Its certificate is good until "+f.NotAfter.Format(time.DateOnly)+"."
		}
		rows = append(rows, row)
	}
	return rows
}

// matches tells whether a certificate's name covers a host: a wildcard stands for
// one label.
func matches(pattern, host string) bool {
	pattern, host = strings.ToLower(pattern), strings.ToLower(host)
	if suffix, wild := strings.CutPrefix(pattern, "*."); wild {
		label, rest, ok := strings.Cut(host, ".")
		return host == pattern || ok && label != "" && rest == suffix
	}
	return pattern == host
}

// TargetFact is a target of an Application Load Balancer: an instance or an IP.
type TargetFact struct {
	PublicIP              bool
	Ports                 []int     // the traffic port and the port of the health check
	Traffic               int       // the traffic port
	In                    []Opening // of its security groups
	StrangersOnHealthPort bool      // a group that is not the load balancer's may reach the health check's port
}

// ApplicationBalancerFact is an Application Load Balancer with its groups and
// targets.
type ApplicationBalancerFact struct {
	LoadBalancer  posture.Resource
	Listeners     []int
	In            []Opening // of its security groups
	Authenticates bool      // a rule of it authenticates users
	Targets       []TargetFact
}

// ApplicationBalancers recomputes "Application Load Balancer security group", for
// targets that are instances or IPs and for IPv4. A target that everybody can
// reach without the load balancer is red where it has a public IP, and where the
// load balancer authenticates users and is gone round; else yellow. Yellow is as
// well a port that the load balancer lets in and does not listen on, and a health
// check's port that other groups may reach.
func ApplicationBalancers(balancers []ApplicationBalancerFact) []Row {
	rows := make([]Row, 0, len(balancers))
	for _, b := range balancers {
		row := Row{Resource: b.LoadBalancer, Colour: Green, Reason: "Its security groups let in the ports of its listeners, and its targets are reached through it only."}
		see := func(c Colour, why string) {
			if c.worse(row.Colour) {
				row.Colour, row.Reason = c, why
			}
		}
		for _, t := range b.Targets {
			open := t.openTo(t.Ports)
			switch {
			case open && t.PublicIP:
				see(Red, "A target of it has a public IP and is open to every address.")
			case b.Authenticates && t.openTo([]int{t.Traffic}):
				see(Red, "It authenticates users, and a target of it is open to every address.")
			case open:
				see(Yellow, "A target of it is open to every address.")
			}
			if t.StrangersOnHealthPort {
				see(Yellow, "The port of a target's health check is open to security groups that are not its own.")
			}
		}
		for _, o := range b.In {
			if o.ports() && o.outside(b.Listeners) {
				see(Yellow, fmt.Sprintf("It lets in %s, and does not listen there.", o.PortRange))
			}
		}
		rows = append(rows, row)
	}
	return rows
}

func (t TargetFact) openTo(ports []int) bool {
	return slices.ContainsFunc(t.In, func(o Opening) bool { return o.toAll() && o.ports() && o.includes(ports) })
}
