package policy

import (
	"fmt"
	"strings"
	"testing"
)

// variants is the number of different requests each benchmark goes through, so
// that no memory of a request could help.
const variants = 1024

// simpleCase has three statements: a home directory, a listing and one SCP.
func simpleCase() (Policies, []*Request) {
	p := Policies{
		Identity: identity(
			`{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::mybucket/home/${aws:username}/*"}`,
			`{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::mybucket"}`),
		SCPs: []Level{level(SCP, full)},
	}
	rs := make([]*Request, variants)
	for i := range rs {
		user := fmt.Sprintf("alice%d", i)
		rs[i] = &Request{
			Principal: Principal{Kind: IAMUser, ARN: "arn:aws:iam::123456789012:user/" + user},
			Action:    "s3:GetObject",
			Resource:  fmt.Sprintf("arn:aws:s3:::mybucket/home/%s/file%d.txt", user, i),
			Owner:     Account{ID: "123456789012"},
			Context:   Context{"aws:username": {user}, "aws:PrincipalOrgID": {"o-abc"}, "aws:SourceIp": {fmt.Sprintf("10.0.%d.%d", i/256, i%256)}},
		}
	}
	return p, rs
}

var hardServices = strings.Fields("ec2 s3 iam dynamodb lambda sqs sns kms rds ecs logs glue")

// hard writes the 567 statements of the hard case.
type hard struct{ n int }

const hardCondition = `,"Condition":{"StringEquals":{"aws:PrincipalTag/team":["a","b","c"],"aws:RequestedRegion":["us-east-1","eu-west-1"]},"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/team-*"},"NotIpAddress":{"aws:SourceIp":["10.0.0.0/8","192.168.0.0/16"]},"ForAllValues:StringLike":{"aws:TagKeys":["cost*","owner"]}}`

func (h *hard) statement(effect, service, principal string, condition bool) string {
	h.n++
	var b strings.Builder
	fmt.Fprintf(&b, `{"Effect":%q,%s"Action":[`, effect, principal)
	for i, verb := range strings.Fields("Get* List* Describe* Create* Put* Delete* Update* Tag*Resource") {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `"%s:%s"`, service, verb)
	}
	b.WriteString(`],"Resource":[`)
	for i := range 4 {
		if i > 0 {
			b.WriteByte(',')
		}
		if service == "s3" {
			fmt.Fprintf(&b, `"arn:aws:s3:::bucket-%d-%d*/prefix/*/x"`, h.n, i)
		} else {
			fmt.Fprintf(&b, `"arn:aws:%s:us-east-1:123456789012:thing/*team-%d-%d"`, service, h.n, i)
		}
	}
	b.WriteByte(']')
	if condition {
		b.WriteString(hardCondition)
	}
	b.WriteByte('}')
	return b.String()
}

type text struct {
	kind Kind
	json string
}

// hardTexts returns the policies of the hard case as text: 10 identity
// policies, 5 levels of 5 SCPs, a boundary and a resource policy.
func hardTexts() (texts []text) {
	h := hard{}
	add := func(k Kind, statements []string) {
		texts = append(texts, text{k, `{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`})
	}
	for p := range 10 {
		var ss []string
		for s := range 30 {
			ss = append(ss, h.statement("Allow", hardServices[(30*p+s)%12], "", s%2 == 0))
		}
		if p == 9 {
			ss = append(ss, `{"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::mybucket/*"}`)
		}
		add(Identity, ss)
	}
	for range 5 {
		add(SCP, []string{full})
		for range 4 {
			var ss []string
			for s := range 10 {
				ss = append(ss, h.statement("Deny", hardServices[s], "", true))
			}
			add(SCP, ss)
		}
	}
	var ss []string
	for s := range 20 {
		ss = append(ss, h.statement("Allow", hardServices[s%12], "", false))
	}
	add(Boundary, append(ss, `{"Effect":"Allow","Action":"s3:*","Resource":"*"}`))
	ss = nil
	for range 40 {
		principal := fmt.Sprintf(`"Principal":{"AWS":["arn:aws:iam::123456789012:role/x%d","123456789013"]},`, h.n+1)
		ss = append(ss, h.statement("Allow", "s3", principal, true))
	}
	add(Resource, ss)
	return texts
}

func hardPolicies(t testing.TB, texts []text) Policies {
	var p Policies
	for i, text := range texts {
		d, err := Parse(text.kind, "", []byte(text.json))
		if err != nil {
			t.Fatal(err)
		}
		switch text.kind {
		case Identity:
			p.Identity = append(p.Identity, d)
		case SCP:
			if (i-10)%5 == 0 {
				p.SCPs = append(p.SCPs, Level{})
			}
			l := &p.SCPs[len(p.SCPs)-1]
			l.Policies = append(l.Policies, d)
		case Boundary:
			p.Boundary = d
		case Resource:
			p.Resource = d
		}
	}
	return p
}

func hardRequests() []*Request {
	rs := make([]*Request, variants)
	for i := range rs {
		role := fmt.Sprintf("arn:aws:iam::123456789012:role/team-a%d", i)
		rs[i] = &Request{
			Principal: Principal{Kind: RoleSession, ARN: role, Session: fmt.Sprintf("arn:aws:sts::123456789012:assumed-role/team-a%d/sess", i)},
			Action:    "s3:GetObject",
			Resource:  fmt.Sprintf("arn:aws:s3:::mybucket/home/alice%d/file.txt", i),
			Owner:     Account{ID: "123456789012"},
			Context: Context{
				"aws:PrincipalTag/team": {"abc"[i%3 : i%3+1]}, "aws:RequestedRegion": {"us-east-1"}, "aws:PrincipalArn": {role},
				"aws:SourceIp": {fmt.Sprintf("8.8.%d.%d", i/256, i%256)}, "aws:TagKeys": {"cost", "owner"},
			},
		}
	}
	return rs
}

func TestBenchmarkCases(t *testing.T) {
	p, rs := simpleCase()
	hp := hardPolicies(t, hardTexts())
	for name, c := range map[string]struct {
		p          Policies
		rs         []*Request
		statements int
	}{"simple": {p, rs, 3}, "hard": {hp, hardRequests(), 567}} {
		e := compile(t, c.p)
		if n := len(e.statements); n != c.statements {
			t.Errorf("%s: %d statements, want %d", name, n, c.statements)
		}
		for _, r := range c.rs {
			d := e.Decide(r)
			if !d.Allowed() {
				t.Fatalf("%s: %s", name, d)
			}
		}
		crossCheck(t, c.p, c.rs[0], Decision{Verdict: Allow})
		if n := testing.AllocsPerRun(100, func() { e.Decide(c.rs[0]) }); n != 0 {
			t.Errorf("%s: %v allocations a decision", name, n)
		}
	}
}

func benchmarkDecide(b *testing.B, p Policies, rs []*Request) {
	e := compile(b, p)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if !e.Decide(rs[i%variants]).Allowed() {
			b.Fatal("refused")
		}
		i++
	}
	b.ReportMetric(float64(i)/b.Elapsed().Seconds(), "decisions/s")
}

func BenchmarkDecideSimple(b *testing.B) {
	p, rs := simpleCase()
	benchmarkDecide(b, p, rs)
}

func BenchmarkDecideHard(b *testing.B) {
	benchmarkDecide(b, hardPolicies(b, hardTexts()), hardRequests())
}

// BenchmarkCompileHard parses and compiles the 567 statements.
func BenchmarkCompileHard(b *testing.B) {
	texts := hardTexts()
	size := 0
	for _, t := range texts {
		size += len(t.json)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		compile(b, hardPolicies(b, texts))
	}
}

func BenchmarkParseHard(b *testing.B) {
	texts := hardTexts()
	size := 0
	for _, t := range texts {
		size += len(t.json)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		hardPolicies(b, texts)
	}
}

// BenchmarkGlobWorst matches a pattern on which a backtracking matcher takes
// tens of seconds, at growing lengths: the time must grow in proportion.
func BenchmarkGlobWorst(b *testing.B) {
	toks := tokenize("b/*a*a*a*b", language{wildcards: true}, nil)
	short := tokenize("b/*a*a*a*b", language{wildcards: true}, nil)
	for i := range short {
		if short[i].kind == star {
			short[i].kind = shortStar
		}
	}
	for _, n := range []int{1000, 2000, 4000} {
		s := "b/" + strings.Repeat("a", n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				if glob(toks, s, 0, nil) {
					b.Fatal("matched")
				}
			}
		})
		b.Run(fmt.Sprint("mixed-", n), func(b *testing.B) {
			for b.Loop() {
				if globMixed(short, s, nil) {
					b.Fatal("matched")
				}
			}
		})
	}
}
