package advisor_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/advisor"
)

const day = 24 * time.Hour

func thing(id string) posture.Resource { return place.Resource("AWS::Example::Thing", id, "") }

// colours checks rows against the colours wanted, in order.
func colours(t *testing.T, what string, rows []advisor.Row, want ...advisor.Colour) {
	t.Helper()
	if len(rows) != len(want) {
		t.Fatalf("%s: %d rows, want %d: %v", what, len(rows), len(want), rows)
	}
	for i, r := range rows {
		if r.Colour != want[i] || r.Reason == "" {
			t.Errorf("%s, row %d: is %s (%s), want %s", what, i, r.Colour, r.Reason, want[i])
		}
	}
}

const (
	green, yellow, red, none = advisor.Green, advisor.Yellow, advisor.Red, advisor.NotAvailable
)

func TestKeyRotation(t *testing.T) {
	key := func(d time.Duration) advisor.KeyFact {
		return advisor.KeyFact{User: thing("ana"), Key: 1, Active: true, Rotated: now.Add(-d)}
	}
	colours(t, "ages", advisor.KeyRotation([]advisor.KeyFact{
		key(90 * day), key(90*day + time.Second), key(91 * day), key(730 * day), key(730*day + time.Second),
		{User: thing("ana"), Key: 2, Active: true},
		{User: thing("ana"), Key: 2, Rotated: now.Add(-999 * day)},
	}, now), green, yellow, yellow, yellow, red, none)
}

func TestIdentities(t *testing.T) {
	at := place.Resource("AWS::IAM::Account", place.Account, "")
	full := advisor.PasswordPolicyFact{Account: at, Exists: true, Upper: true, Lower: true, Numbers: true, Symbols: true}
	lacking := full
	lacking.Symbols = false
	colours(t, "password policy", advisor.PasswordPolicy(full), green)
	colours(t, "without symbols", advisor.PasswordPolicy(lacking), yellow)
	absent := advisor.PasswordPolicy(advisor.PasswordPolicyFact{Account: at, Upper: true, Lower: true, Numbers: true, Symbols: true})
	colours(t, "no policy", absent, red)
	if absent[0].Expected == "" {
		t.Error("that AWS judges no policy otherwise is not said")
	}
	colours(t, "MFA", advisor.RootMFA(advisor.RootFact{Account: at, Password: true, MFA: true}), green)
	colours(t, "no password", advisor.RootMFA(advisor.RootFact{Account: at}), green)
	colours(t, "password alone", advisor.RootMFA(advisor.RootFact{Account: at, Password: true}), red)
}

// group is a security group with one rule.
func group(attached bool, protocol string, from, to int, cidr string) advisor.GroupFact {
	return advisor.GroupFact{Group: thing(fmt.Sprintf("%s %d-%d %s", protocol, from, to, cidr)), Attached: attached, In: []advisor.Opening{{PortRange: advisor.PortRange{Protocol: protocol, From: from, To: to}, From4: cidr}}}
}

func TestPorts(t *testing.T) {
	const all = "0.0.0.0/0"
	for _, test := range []struct {
		group                  advisor.GroupFact
		specific, unrestricted advisor.Colour // the latter of an attached group
	}{
		{group(true, "tcp", 443, 443, all), green, green},
		{group(true, "tcp", 465, 465, all), green, yellow},
		{group(true, "tcp", 80, 81, all), yellow, yellow},
		{group(true, "tcp", 22, 22, all), red, yellow},
		{group(true, "tcp", 23, 24, all), yellow, yellow},
		{group(true, "tcp", 22, 25, all), red, yellow},
		{group(true, "tcp", 5499, 5501, all), red, yellow},
		{group(true, "tcp", 5501, 5600, all), yellow, yellow},
		{group(true, "udp", 53, 53, all), yellow, yellow},
		{group(true, "6", 22, 22, all), red, yellow}, // TCP by its number
		{group(true, "17", 53, 53, all), yellow, yellow},
		{group(true, "tcp", 0, 65535, all), red, yellow},
		{group(true, "-1", 0, 0, all), red, yellow},
		{group(true, "icmp", 8, 0, all), green, green},
		{group(true, "tcp", 22, 22, "0.0.0.0/1"), green, green},
		{group(true, "tcp", 22, 22, "192.0.2.0/24"), green, green},
		{group(true, "tcp", 22, 22, ""), green, green},
	} {
		groups := []advisor.GroupFact{test.group}
		colours(t, "specific ports of "+test.group.Group.ID, advisor.SpecificPorts(groups), test.specific)
		colours(t, "unrestricted access of "+test.group.Group.ID, advisor.UnrestrictedAccess(groups), test.unrestricted)
		groups[0].Attached = false
		detached := test.unrestricted
		if detached == yellow {
			detached = red // against intuition, and as AWS has it
		}
		colours(t, "unattached, of "+test.group.Group.ID, advisor.UnrestrictedAccess(groups), detached)
	}
	several := group(true, "tcp", 443, 443, all)
	several.In = append(several.In, group(true, "tcp", 22, 22, all).In[0], group(true, "tcp", 8080, 8080, all).In[0])
	colours(t, "the worst rule", advisor.SpecificPorts([]advisor.GroupFact{several}), red)
	colours(t, "no rule", advisor.SpecificPorts([]advisor.GroupFact{{Group: thing("empty")}}), green)
}

func TestClassicLoadBalancers(t *testing.T) {
	balancer := func(listeners []int, open ...advisor.PortRange) advisor.ClassicGroupFact {
		return advisor.ClassicGroupFact{LoadBalancer: thing("web"), Listeners: listeners, Open: open}
	}
	colours(t, "groups", advisor.ClassicLoadBalancerGroups([]advisor.ClassicGroupFact{
		balancer([]int{80, 443}, advisor.PortRange{Protocol: "tcp", From: 80, To: 80}, advisor.PortRange{Protocol: "icmp", From: 3, To: 4}),
		balancer([]int{443}, advisor.PortRange{Protocol: "tcp", From: 80, To: 80}),
		balancer([]int{80, 81}, advisor.PortRange{Protocol: "tcp", From: 80, To: 81}),
		balancer([]int{80}, advisor.PortRange{Protocol: "-1"}),
	}), green, yellow, green, yellow)
	secure := advisor.ListenerFact{Secure: true, Policy: advisor.RecommendedListenerPolicy}
	colours(t, "listeners", advisor.ClassicListeners([]advisor.ClassicListenerFact{
		{LoadBalancer: thing("a"), Listeners: []advisor.ListenerFact{{}, secure}},
		{LoadBalancer: thing("b"), Listeners: []advisor.ListenerFact{{}}},
		{LoadBalancer: thing("c")},
		{LoadBalancer: thing("d"), Listeners: []advisor.ListenerFact{secure, {Secure: true}}},
		{LoadBalancer: thing("e"), Listeners: []advisor.ListenerFact{{Secure: true, Policy: "ELBSecurityPolicy-2016-08"}, secure}},
	}, ""), green, red, red, yellow, yellow)
	colours(t, "another policy", advisor.ClassicListeners([]advisor.ClassicListenerFact{{LoadBalancer: thing("a"), Listeners: []advisor.ListenerFact{{Secure: true, Policy: "ELBSecurityPolicy-2030-01"}}}}, "ELBSecurityPolicy-2030-01"), green)
}

func TestApplicationBalancers(t *testing.T) {
	open := func(port int) []advisor.Opening { return group(true, "tcp", port, port, "0.0.0.0/0").In }
	target := advisor.TargetFact{Traffic: 8080, Ports: []int{8080, 9000}}
	with := func(change func(*advisor.ApplicationBalancerFact)) advisor.ApplicationBalancerFact {
		b := advisor.ApplicationBalancerFact{LoadBalancer: thing("web"), Listeners: []int{443}, In: open(443), Targets: []advisor.TargetFact{target}}
		change(&b)
		return b
	}
	colours(t, "application load balancers", advisor.ApplicationBalancers([]advisor.ApplicationBalancerFact{
		with(func(*advisor.ApplicationBalancerFact) {}),
		with(func(b *advisor.ApplicationBalancerFact) { b.In = open(80) }),
		with(func(b *advisor.ApplicationBalancerFact) { b.Targets[0].In = open(8080) }),
		with(func(b *advisor.ApplicationBalancerFact) { b.Targets[0].In, b.Targets[0].PublicIP = open(9000), true }),
		with(func(b *advisor.ApplicationBalancerFact) { b.Targets[0].In, b.Authenticates = open(8080), true }),
		with(func(b *advisor.ApplicationBalancerFact) { b.Targets[0].In, b.Authenticates = open(9000), true }),
		with(func(b *advisor.ApplicationBalancerFact) { b.Targets[0].StrangersOnHealthPort = true }),
		with(func(b *advisor.ApplicationBalancerFact) { b.Targets[0].In = open(22) }),
	}), green, yellow, yellow, red, red, yellow, yellow, green)
}

func TestLifecycles(t *testing.T) {
	end := now.Add(1000 * day)
	table := advisor.LifecycleTable{Ends: map[string]time.Time{"python3.9": end}, Source: "example", AsOf: "2026-06-01"}
	for name, test := range map[string]struct {
		judge   func([]advisor.VersionFact, advisor.LifecycleTable, time.Time) []advisor.Row
		warning time.Duration
	}{
		"runtimes": {advisor.LambdaRuntimes, 180 * day}, "SQL Server": {advisor.SQLServer, 365 * day}, "Windows": {advisor.WindowsServer, 548 * day}, "Ubuntu": {advisor.Ubuntu, 183 * day},
	} {
		one := []advisor.VersionFact{{Resource: thing("f"), Version: "python3.9"}}
		colours(t, name+" early", test.judge(one, table, end.Add(-test.warning-time.Second)), green)
		colours(t, name+" warned", test.judge(one, table, end.Add(-test.warning)), yellow)
		colours(t, name+" last", test.judge(one, table, end.Add(-time.Second)), yellow)
		colours(t, name+" ended", test.judge(one, table, end), red)
		colours(t, name+" not known", test.judge([]advisor.VersionFact{{Resource: thing("f"), Version: "python9"}, {Resource: thing("g")}}, table, now), none, none)
	}
	colours(t, "retention", advisor.LogRetention([]advisor.RetentionFact{{Group: thing("a")}, {Group: thing("b"), Days: 365}, {Group: thing("c"), Days: 364}}, 0), green, green, yellow)
	colours(t, "shorter retention", advisor.LogRetention([]advisor.RetentionFact{{Group: thing("c"), Days: 30}, {Group: thing("d"), Days: 29}}, 30), green, yellow)
}

func TestBuckets(t *testing.T) {
	all := advisor.BlockFact{BlockACLs: true, IgnoreACLs: true, BlockPolicy: true, RestrictBuckets: true}
	bucket := func(b advisor.BucketFact) []advisor.BucketFact {
		b.Bucket = thing("example")
		return []advisor.BucketFact{b}
	}
	for name, test := range map[string]struct {
		bucket  advisor.BucketFact
		account advisor.BlockFact
		want    advisor.Colour
	}{
		"closed":                            {advisor.BucketFact{Block: all}, advisor.BlockFact{}, green},
		"closed by the account":             {advisor.BucketFact{}, all, green},
		"closed by both together":           {advisor.BucketFact{Block: advisor.BlockFact{BlockACLs: true, IgnoreACLs: true}}, advisor.BlockFact{BlockPolicy: true, RestrictBuckets: true}, green},
		"not public":                        {advisor.BucketFact{}, advisor.BlockFact{}, yellow},
		"three settings":                    {advisor.BucketFact{Block: advisor.BlockFact{BlockACLs: true, IgnoreACLs: true, BlockPolicy: true}}, advisor.BlockFact{}, yellow},
		"not readable":                      {advisor.BucketFact{Block: all, Unread: "denied"}, all, red},
		"public ACL":                        {advisor.BucketFact{PublicACL: true}, advisor.BlockFact{}, red},
		"public ACL that is blocked as new": {advisor.BucketFact{PublicACL: true, Block: advisor.BlockFact{BlockACLs: true}}, advisor.BlockFact{}, red},
		"public ACL ignored":                {advisor.BucketFact{PublicACL: true, Block: advisor.BlockFact{IgnoreACLs: true}}, advisor.BlockFact{}, yellow},
		"public ACL, all four":              {advisor.BucketFact{PublicACL: true}, all, green},
		"public policy":                     {advisor.BucketFact{PublicPolicy: true, Block: advisor.BlockFact{BlockPolicy: true}}, advisor.BlockFact{}, red},
		"public policy contained":           {advisor.BucketFact{PublicPolicy: true}, advisor.BlockFact{RestrictBuckets: true}, yellow},
		"public policy, all four":           {advisor.BucketFact{PublicPolicy: true, Block: all}, advisor.BlockFact{}, yellow},
	} {
		colours(t, name, advisor.BucketPermissions(bucket(test.bucket), test.account), test.want)
	}
	colours(t, "logging", advisor.BucketLogging([]advisor.LoggingFact{
		{Bucket: thing("a")},
		{Bucket: thing("b"), On: true, Target: advisor.TargetValid},
		{Bucket: thing("c"), On: true, Target: advisor.TargetMissing},
		{Bucket: thing("d"), On: true, Target: advisor.TargetForeign},
		{Bucket: thing("e"), On: true, Target: advisor.TargetUnreadable},
		{Bucket: thing("f"), On: true},
	}), yellow, green, red, red, yellow, yellow)
}

func TestRecords(t *testing.T) {
	zone, other := thing("Z1"), thing("Z2")
	mx := func(name string) advisor.RecordFact {
		return advisor.RecordFact{Zone: zone, Name: name, Type: "MX", Values: []string{"10 mail.example.com."}}
	}
	colours(t, "mail", advisor.MailPolicy([]advisor.RecordFact{
		mx("example.com."),
		{Zone: zone, Name: "EXAMPLE.com", Type: "TXT", Values: []string{`"other"`, `"v=spf1 -all"`}},
		mx("old.example.com"),
		{Zone: zone, Name: "old.example.com", Type: "SPF", Values: []string{`"v=spf1 -all"`}},
		mx("both.example.com"),
		{Zone: zone, Name: "both.example.com", Type: "TXT", Values: []string{`v=spf1`}},
		{Zone: zone, Name: "both.example.com", Type: "SPF", Values: []string{`v=spf1`}},
		mx("none.example.com"),
		{Zone: zone, Name: "none.example.com", Type: "TXT", Values: []string{`"not v=spf1"`}},
		{Zone: other, Name: "none.example.com", Type: "TXT", Values: []string{`"v=spf1"`}},
	}), green, yellow, green, red)
	cname := func(name, to string) advisor.RecordFact {
		return advisor.RecordFact{Zone: zone, Name: name, Type: "CNAME", Values: []string{to}}
	}
	colours(t, "CNAME", advisor.MismatchedCNAME([]advisor.RecordFact{
		cname("www.example.com.", "www.example.com.s3.amazonaws.com."), cname("www.example.com", "www.example.com.s3-website-eu-west-1.amazonaws.com"), cname("www.example.com", "WWW.example.com.s3.eu-west-1.amazonaws.com"),
		cname("www.example.com", "other.s3.amazonaws.com"), cname("a.example.com", "www.example.com.s3-website.eu-west-2.amazonaws.com"), cname("www.example.com", "www.example.com.s3.cn-north-1.amazonaws.com.cn"),
		cname("api.example.com", "lb.eu-west-1.elb.amazonaws.com"), cname("api.example.com", "s3.example.com"),
	}), green, green, green, yellow, yellow, green)
}

func TestCertificates(t *testing.T) {
	certificate := func(left time.Duration, sha1 bool, names ...string) advisor.CertificateFact {
		return advisor.CertificateFact{Distribution: thing("d"), NotAfter: now.Add(left), SHA1: sha1, Names: names, Aliases: []string{"www.example.com"}}
	}
	colours(t, "certificates", advisor.ServerCertificates([]advisor.CertificateFact{
		certificate(7*day+time.Second, false, "*.example.com"), certificate(7*day, false, "www.example.com"), certificate(-time.Second, false, "www.example.com"), certificate(90*day, true, "www.example.com"),
		certificate(90*day, false, "example.com"), certificate(90*day, false, "*.www.example.com"), certificate(90*day, false, "WWW.EXAMPLE.COM"),
		{Distribution: thing("d")},
	}, now), green, yellow, red, yellow, yellow, yellow, green, none)
}

func TestTrails(t *testing.T) {
	works, fails, off := advisor.TrailFact{Logging: true}, advisor.TrailFact{Logging: true, DeliveryError: "NoSuchBucket"}, advisor.TrailFact{DeliveryError: "NoSuchBucket"}
	colours(t, "trails", advisor.ManagementTrails([]advisor.RegionTrailsFact{
		{Region: thing("a"), Trails: []advisor.TrailFact{works}},
		{Region: thing("b"), Trails: []advisor.TrailFact{works, fails}},
		{Region: thing("c"), Trails: []advisor.TrailFact{fails, fails}},
		{Region: thing("d"), Trails: []advisor.TrailFact{off}},
		{Region: thing("e")},
		{Region: thing("f"), Trails: []advisor.TrailFact{off, fails}},
	}), green, green, yellow, red, red, yellow)
}
