package report

import (
	"cmp"
	"io"
	"iter"
	"strings"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance"
)

// ASFF writes findings in the AWS Security Finding Format. Each line is a JSON
// array of at most 100 findings of one account and region: what one call of
// BatchImportFindings takes, made with credentials of that account in that
// region. With a comparison, what is gone is ARCHIVED. Security Hub keeps a finding's workflow to itself: what is SUPPRESSED
// here must be set with BatchUpdateFindings too. The header needs Finished.
//
// Texts are cut to ASFF's limits (title 256 characters, description 1,024,
// evidence 2,048). What passed has severity INFORMATIONAL, as in Security Hub's own
// findings. See "AWS Security Finding Format" in the AWS Security Hub User Guide.
type ASFF struct {
	// Region takes the findings of global services; default the partition's
	// region that holds them: us-east-1, us-gov-west-1, cn-north-1.
	Region string
	// Product is the last part of the product ARN, "ACCOUNT/NAME"; default
	// the account's own "ACCOUNT/default".
	Product string
}

const asffBatch = 100 // findings that BatchImportFindings takes

// Write implements Format.
func (a ASFF) Write(w io.Writer, h Header, items iter.Seq[compliance.Item]) error {
	if err := h.needTime(); err != nil {
		return err
	}
	out := newOutput(w)
	var batch []asff
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		err := out.json(batch)
		batch = batch[:0]
		return err
	}
	err := h.walkAndGone(items, func(r row) error {
		f := a.finding(h, r)
		if len(batch) == asffBatch || len(batch) > 0 && (batch[0].Account != f.Account || batch[0].Region != f.Region) {
			if err := flush(); err != nil {
				return err
			}
		}
		batch = append(batch, f)
		return nil
	})
	if err != nil {
		return err
	}
	if err := flush(); err != nil {
		return err
	}
	return out.Flush()
}

func (a ASFF) finding(h Header, r row) asff {
	p := r.Finding.Resource
	partition, account := cmp.Or(line(p.Partition), "aws"), cmp.Or(line(p.Account), "unknown")
	region := cmp.Or(line(p.Region), line(a.Region), homeRegions[partition], "us-east-1")
	first := stamp(h.firstSeen(r.Finding))
	word := strings.ToUpper(cmp.Or(r.severity, posture.Informational).String())
	f := asff{
		SchemaVersion: "2018-10-08", ID: r.id, Region: region, Account: account, GeneratorID: cut(cmp.Or(line(r.Control.ID), "none"), 512),
		ProductARN: "arn:" + partition + ":securityhub:" + region + ":" + account + ":product/" + cmp.Or(line(a.Product), account+"/default"),
		Product:    cut(h.tool(), 128), Types: []string{"Software and Configuration Checks/AWS Security Best Practices"},
		Created: first, FirstObserved: first, Updated: stamp(h.Finished), LastObserved: stamp(h.Finished),
		Title: cut(r.title(), 256), Description: cut(r.detail(), 1024), RecordState: "ACTIVE",
		Severity: asffSeverity{word, word}, Workflow: asffStatus{"NEW"}, Compliance: asffCompliance{Requirements: r.asffRequirements()},
		Resources: []asffResource{a.resource(r, partition, region)},
		Fields:    map[string]string{},
	}
	if doc := cut(line(r.Control.Doc), 512); doc != "" {
		f.Remediation = &asffRemediation{asffText{doc}}
	}
	switch r.state {
	case fail:
		f.Compliance.Status = "FAILED"
	case waived:
		f.Compliance.Status, f.Workflow.Status = "FAILED", "SUPPRESSED"
	case unknown:
		f.Compliance.Status = "WARNING"
		code := strings.ToUpper(strings.ReplaceAll(r.causeKind(), "-", "_"))
		f.Compliance.Reasons = []asffReason{{cut(code, 100), cut(r.cause(), 2048)}}
	case pass:
		f.Compliance.Status, f.Workflow.Status, f.Severity.Label = "PASSED", "RESOLVED", "INFORMATIONAL"
	case notApplicable:
		f.Compliance.Status, f.Workflow.Status, f.Severity.Label = "NOT_AVAILABLE", "RESOLVED", "INFORMATIONAL"
		f.Compliance.Reasons = []asffReason{{"NOT_APPLICABLE", cut(r.detail(), 2048)}}
	}
	if r.change == changeGone {
		f.RecordState = "ARCHIVED"
	}
	f.Provider = asffProvider{f.Severity, f.Types}
	for k, v := range map[string]string{
		"Control": r.Control.ID, "Part": r.Finding.Sub, "Owner": r.Owner, "Waiver": r.waiver(), "Evidence": string(r.evidence), "ToolVersion": h.Version, "Change": r.change,
	} {
		if v = cut(line(v), 2048); v != "" {
			f.Fields["posture/"+k] = v
		}
	}
	return f
}

func (a ASFF) resource(r row, partition, region string) asffResource {
	p := r.Finding.Resource
	res := asffResource{Type: asffType(p.Type), ID: cut(cmp.Or(line(p.ARN), line(p.ID)), 512), Region: region}
	if res.ID == "" {
		res.ID = cut(cmp.Or(line(p.Type), "AWS::::Account")+":"+cmp.Or(line(p.Account), "unknown"), 512)
	}
	switch partition {
	case "aws", "aws-cn", "aws-us-gov":
		res.Partition = partition
	}
	// Fifty tags are what AWS allows on a resource and ASFF in a finding.
	for _, k := range sortedKeys(r.Finding.Tags) {
		key, v := cut(line(k), 128), cut(line(r.Finding.Tags[k]), 256)
		if key == "" || v == "" || len(res.Tags) == 50 {
			continue
		}
		if res.Tags == nil {
			res.Tags = map[string]string{}
		}
		res.Tags[key] = v
	}
	return res
}

// asffRequirements are at most 32 of at most 64 characters.
func (r row) asffRequirements() (all []string) {
	for _, q := range r.Requirements {
		if len(all) < 32 {
			all = append(all, cut(cmp.Or(line(q.String()), "none"), 64))
		}
	}
	return all
}

var homeRegions = map[string]string{"aws": "us-east-1", "aws-us-gov": "us-gov-west-1", "aws-cn": "cn-north-1"}

// The objects of ASFF that are written.
type (
	asff struct {
		SchemaVersion string
		ID            string `json:"Id"`
		ProductARN    string `json:"ProductArn"`
		Product       string `json:"ProductName"`
		Region        string
		GeneratorID   string `json:"GeneratorId"`
		Account       string `json:"AwsAccountId"`
		Types         []string
		FirstObserved string `json:"FirstObservedAt"`
		LastObserved  string `json:"LastObservedAt"`
		Created       string `json:"CreatedAt"`
		Updated       string `json:"UpdatedAt"`
		Severity      asffSeverity
		Title         string
		Description   string
		Remediation   *asffRemediation  `json:",omitempty"`
		Fields        map[string]string `json:"ProductFields"`
		Resources     []asffResource
		Compliance    asffCompliance
		Workflow      asffStatus
		RecordState   string
		Provider      asffProvider `json:"FindingProviderFields"`
	}
	asffSeverity    struct{ Label, Original string }
	asffStatus      struct{ Status string }
	asffText        struct{ Text string }
	asffRemediation struct{ Recommendation asffText }
	asffProvider    struct {
		Severity asffSeverity
		Types    []string
	}
	asffReason struct {
		ReasonCode  string
		Description string
	}
	asffCompliance struct {
		Status       string
		Requirements []string     `json:"RelatedRequirements,omitempty"`
		Reasons      []asffReason `json:"StatusReasons,omitempty"`
	}
	asffResource struct {
		Type      string
		ID        string `json:"Id"`
		Partition string `json:",omitempty"`
		Region    string
		Tags      map[string]string `json:",omitempty"`
	}
)
