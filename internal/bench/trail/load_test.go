package trail

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/awsposture/posture/detective/trail/lint"
	"github.com/awsposture/posture/detective/trail/rule"
	"github.com/awsposture/posture/detective/trail/schema"
	"github.com/awsposture/posture/detective/trail/sigma"
)

// sigmaRules are documents in the shape of public rules.
func sigmaRules(n int) (docs []string) {
	r := rand.New(rand.NewPCG(2, 3))
	sources := schema.EventSources()
	for i := range n {
		src := sources[r.IntN(len(sources))]
		names := schema.Names(src)
		docs = append(docs, fmt.Sprintf(`title: Rule %d
id: 00000000-0000-4000-8000-%012d
status: test
logsource:
    product: aws
    service: cloudtrail
detection:
    selection:
        eventSource: %s
        eventName:
            - %s
            - %s
        requestParameters.name|contains: value-%d
    filter:
        userIdentity.arn|endswith: ':role/deploy-%d'
    filter_service:
        userIdentity.invokedBy|exists: true
        userAgent|startswith: 'aws-cli/'
    condition: selection and not 1 of filter*
falsepositives:
    - Deployments
level: medium
tags:
    - attack.t1078
`, i, i, src, names[r.IntN(len(names))], names[r.IntN(len(names))], i, i))
	}
	return docs
}

// BenchmarkLoad reads, lints and compiles a thousand Sigma rules.
func BenchmarkLoad(b *testing.B) {
	docs := sigmaRules(1000)
	var m0, m1 runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m0)
	var set *rule.Set
	for b.Loop() {
		var c sigma.Collection
		for i, d := range docs {
			if err := c.Add(fmt.Sprint(i, ".yml"), []byte(d)); err != nil {
				b.Fatal(err)
			}
		}
		rules, _, err := c.Rules()
		if err != nil || len(rules) != len(docs) {
			b.Fatal(len(rules), err)
		}
		lint.Rules(rules)
		if set, err = rule.Compile(rules); err != nil {
			b.Fatal(err)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&m1)
	b.ReportMetric(float64(m1.HeapAlloc-m0.HeapAlloc)/1e6, "MB-kept")
	runtime.KeepAlive(set)
}
