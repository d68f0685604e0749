package inspector

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/inspector2"
	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"

	"github.com/awsposture/posture/internal/gate"
)

// Exploitation is what is known of a vulnerability being exploited.
type Exploitation struct {
	Known    bool      `json:"known"` // on CISA's list of known exploited vulnerabilities
	Added    time.Time `json:"added,omitzero"`
	Due      time.Time `json:"due,omitzero"`      // by when CISA wants it mended
	Observed time.Time `json:"observed,omitzero"` // when an exploit was last seen, zero never
}

// detailsBatch is the most ARNs that BatchGetFindingDetails takes.
const detailsBatch = 10

// details looks vulnerabilities up, each one once, by any finding of it: what is
// asked for belongs to the vulnerability and not to the resource. So a million
// findings cost a call per ten vulnerabilities and not per ten findings.
type details struct {
	api   Reader
	known map[string]Exploitation
	err   error // the first call that failed: after it no more are made
}

// ask looks up those vulnerabilities of the findings that are not known yet.
func (d *details) ask(ctx context.Context, findings []Finding) {
	arns := map[string]string{}
	for _, f := range findings {
		if _, known := d.known[f.Vulnerability]; !known && f.Type == PackageVulnerability && f.Vulnerability != "" {
			arns[f.ARN] = f.Vulnerability
		}
	}
	var once []string // the first ARN of each vulnerability
	asked := map[string]bool{}
	for _, arn := range sortedKeys(arns) {
		if v := arns[arn]; !asked[v] {
			asked[v] = true
			once = append(once, arn)
		}
	}
	if d.err != nil || len(once) == 0 {
		return
	}
	var (
		wg   sync.WaitGroup
		mu   sync.Mutex
		g    gate.Gate
		errs []error
	)
	for batch := range slices.Chunk(once, detailsBatch) {
		wg.Go(func() {
			out, err := gate.Do(ctx, &g, func(ctx context.Context) (*inspector2.BatchGetFindingDetailsOutput, error) {
				return d.api.BatchGetFindingDetails(ctx, &inspector2.BatchGetFindingDetailsInput{FindingArns: batch})
			})
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				errs = append(errs, err)
				return
			}
			for _, f := range out.FindingDetails {
				if v, ok := arns[aws.ToString(f.FindingArn)]; ok {
					d.known[v] = exploitationOf(f)
				}
			}
			// What has no details, as a finding that was closed meanwhile, stays
			// unknown and is asked again by the next finding of its vulnerability.
		})
	}
	wg.Wait()
	// Of several failures always the same, whichever call came back first.
	slices.SortFunc(errs, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	if len(errs) > 0 {
		d.err = errs[0]
	}
}

func exploitationOf(f types.FindingDetail) (e Exploitation) {
	if f.CisaData != nil {
		e.Known, e.Added, e.Due = true, aws.ToTime(f.CisaData.DateAdded).UTC(), aws.ToTime(f.CisaData.DateDue).UTC()
	}
	if f.ExploitObserved != nil {
		e.Observed = aws.ToTime(f.ExploitObserved.LastSeen).UTC()
		if e.Observed.IsZero() {
			e.Observed = aws.ToTime(f.ExploitObserved.FirstSeen).UTC()
		}
	}
	return e
}
