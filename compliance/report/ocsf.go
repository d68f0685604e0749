package report

import (
	"cmp"
	"encoding/json"
	"io"
	"iter"
	"strings"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/compliance"
)

// OCSFVersion is the version of the Open Cybersecurity Schema Framework written.
const OCSFVersion = "1.8.0"

// OCSFCompliance writes every finding as an OCSF compliance finding (class
// 2003) with the cloud profile, one JSON object a line. Like Security Hub, it
// gives what passed the severity informational; the control's own severity stands
// in compliance.checks. The activity is create; with a comparison it is that only
// for what is new, update for other changes, and close for what is fixed or gone.
// The header needs Finished.
// See https://schema.ocsf.io/1.8.0/classes/compliance_finding.
type OCSFCompliance struct{}

// Write implements Format.
func (OCSFCompliance) Write(w io.Writer, h Header, items iter.Seq[compliance.Item]) error {
	return writeOCSF(w, h, items, func(r row) *ocsf {
		e := h.ocsf(r, 2003, "Compliance Finding")
		e.Compliance = complianceOf(r)
		e.Status, e.StatusID = "New", 1
		switch r.state {
		case waived:
			e.Status, e.StatusID = "Suppressed", 3
		case pass, notApplicable:
			e.resolve()
		}
		return &e
	})
}

// OCSFDetection writes every failing finding as an OCSF detection finding
// (class 2004), one JSON object a line, for controls whose failure is something
// that happened. What passed, was not applicable or could not be judged is no
// detection and left out: write OCSFCompliance for the whole. With a comparison,
// what is fixed or gone is closed. The header needs Finished. See https://schema.ocsf.io/1.8.0/classes/detection_finding.
type OCSFDetection struct{}

// Write implements Format.
func (OCSFDetection) Write(w io.Writer, h Header, items iter.Seq[compliance.Item]) error {
	return writeOCSF(w, h, items, func(r row) *ocsf {
		closed := r.change == changeFixed || r.change == changeGone
		if r.state != fail && r.state != waived && !closed {
			return nil
		}
		e := h.ocsf(r, 2004, "Detection Finding")
		e.Status, e.StatusID = "New", 1
		if r.state == waived {
			e.Status, e.StatusID = "Suppressed", 3
		}
		if closed {
			e.resolve()
		}
		alert := r.state == fail
		e.IsAlert = &alert
		e.Info.Analytic = &ocsfAnalytic{r.Control.ID, r.Control.Title, 1, "Rule"}
		return &e
	})
}

func writeOCSF(w io.Writer, h Header, items iter.Seq[compliance.Item], event func(row) *ocsf) error {
	if err := h.needTime(); err != nil {
		return err
	}
	out := newOutput(w)
	err := h.walkAndGone(items, func(r row) error {
		if e := event(r); e != nil {
			return out.json(e)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return out.Flush()
}

// resolve makes an event of what no longer fails.
func (e *ocsf) resolve() {
	e.Status, e.StatusID = "Resolved", 4
	e.SeverityID, e.Severity = 1, "Informational"
}

// ocsfActivity gives OCSF's number and word for what became of a finding.
func ocsfActivity(change string) (int, string) {
	switch change {
	case "", changeNew:
		return 1, "Create"
	case changeFixed, changeGone:
		return 3, "Close"
	}
	return 2, "Update"
}

// ocsfSeverity gives OCSF's number and word.
func ocsfSeverity(s posture.Severity) (int, string) {
	words := [...]string{"Unknown", "Informational", "Low", "Medium", "High", "Critical"}
	return int(s), words[s]
}

func (h Header) ocsf(r row, class int, name string) ocsf {
	f := r.Finding
	at := h.Finished.UnixMilli()
	id, word := ocsfSeverity(r.severity)
	activity, activityName := ocsfActivity(r.change)
	e := ocsf{
		ActivityID: activity, ActivityName: activityName, CategoryUID: 2, CategoryName: "Findings", ClassUID: class, ClassName: name, TypeUID: class*100 + activity,
		TypeName: name + ": " + activityName, SeverityID: id, Severity: word, Time: at, Message: r.detail(),
		Info: ocsfInfo{
			UID: r.id, Title: r.title(), Desc: cmp.Or(f.Detail, r.title()), Created: h.firstSeen(f).UnixMilli(), FirstSeen: h.firstSeen(f).UnixMilli(),
			LastSeen: at, Modified: at, Types: []string{r.domain},
		},
		Metadata: ocsfMetadata{OCSFVersion, ocsfProduct{h.tool(), h.tool(), cmp.Or(h.Version, "0")}, []string{"cloud"}, r.id},
		Cloud:    ocsfCloud{Provider: "AWS", Partition: f.Resource.Partition, Region: f.Resource.Region},
		Resources: []ocsfResource{{
			UID: cmp.Or(f.Resource.ARN, f.Resource.ID, f.Resource.Type, "unnamed"), Name: f.Resource.ID, Type: f.Resource.Type,
			Partition: f.Resource.Partition, Region: f.Resource.Region, Tags: pairs(f.Tags),
		}},
	}
	if f.Resource.Account != "" {
		e.Cloud.Account = &ocsfAccount{f.Resource.Account, 10, "AWS Account"}
	}
	if r.Owner != "" {
		e.Resources[0].Owner = &ocsfUser{r.Owner}
	}
	if r.Control.Doc != "" {
		e.Remediation = &ocsfRemedy{r.Control.Doc}
	}
	if r.evidence != nil {
		e.Evidences = []ocsfEvidence{{r.evidence}}
	}
	e.Unmapped = map[string]string{}
	for k, v := range map[string]string{"owner": r.Owner, "part": f.Sub, "waiver": r.waiver(), "change": r.change} {
		if v != "" {
			e.Unmapped[k] = v
		}
	}
	e.StatusDetail = cmp.Or(r.cause(), r.waiver())
	return e
}

func complianceOf(r row) *ocsfCompliance {
	c := &ocsfCompliance{Control: r.Control.ID, Desc: r.Control.Title, Category: r.domain}
	switch r.state {
	case pass:
		c.Status, c.StatusID = "Pass", 1
	case unknown:
		c.Status, c.StatusID = "Warning", 2
		c.StatusDetails, c.StatusCode = []string{r.cause()}, r.causeKind()
	case fail, waived:
		c.Status, c.StatusID = "Fail", 3
	case notApplicable:
		c.Status, c.StatusID = "Not applicable", 99
	}
	for i, q := range r.Requirements {
		c.Requirements = append(c.Requirements, q.String())
		if name := frameworkOf(q); !repeated(r.Requirements[:i], name) {
			c.Standards = append(c.Standards, name)
		}
	}
	for _, p := range r.Control.Params {
		c.Params = append(c.Params, ocsfPair{p.Name, strings.TrimSpace(p.Value + " " + p.Unit)})
	}
	id, word := ocsfSeverity(r.severity)
	c.Checks = []ocsfCheck{{r.Control.ID, r.Control.Title, c.Status, c.StatusID, word, id, c.Standards}}
	return c
}

func pairs(m map[string]string) (all []ocsfPair) {
	for _, k := range sortedKeys(m) {
		all = append(all, ocsfPair{k, m[k]})
	}
	return all
}

// The objects of OCSF that are written.
type (
	ocsf struct {
		ActivityID   int               `json:"activity_id"`
		ActivityName string            `json:"activity_name"`
		CategoryUID  int               `json:"category_uid"`
		CategoryName string            `json:"category_name"`
		ClassUID     int               `json:"class_uid"`
		ClassName    string            `json:"class_name"`
		TypeUID      int               `json:"type_uid"`
		TypeName     string            `json:"type_name"`
		SeverityID   int               `json:"severity_id"`
		Severity     string            `json:"severity"`
		StatusID     int               `json:"status_id"`
		Status       string            `json:"status"`
		StatusDetail string            `json:"status_detail,omitempty"`
		IsAlert      *bool             `json:"is_alert,omitempty"`
		Time         int64             `json:"time"`
		Message      string            `json:"message"`
		Metadata     ocsfMetadata      `json:"metadata"`
		Cloud        ocsfCloud         `json:"cloud"`
		Info         ocsfInfo          `json:"finding_info"`
		Compliance   *ocsfCompliance   `json:"compliance,omitempty"`
		Resources    []ocsfResource    `json:"resources"`
		Remediation  *ocsfRemedy       `json:"remediation,omitempty"`
		Evidences    []ocsfEvidence    `json:"evidences,omitempty"`
		Unmapped     map[string]string `json:"unmapped,omitempty"`
	}
	ocsfMetadata struct {
		Version  string      `json:"version"`
		Product  ocsfProduct `json:"product"`
		Profiles []string    `json:"profiles"`
		UID      string      `json:"uid"`
	}
	ocsfProduct struct {
		Name    string `json:"name"`
		Vendor  string `json:"vendor_name"`
		Version string `json:"version"`
	}
	ocsfCloud struct {
		Provider  string       `json:"provider"`
		Account   *ocsfAccount `json:"account,omitempty"`
		Partition string       `json:"cloud_partition,omitempty"`
		Region    string       `json:"region,omitempty"`
	}
	ocsfAccount struct {
		UID    string `json:"uid"`
		TypeID int    `json:"type_id"`
		Type   string `json:"type"`
	}
	ocsfInfo struct {
		UID       string        `json:"uid"`
		Title     string        `json:"title"`
		Desc      string        `json:"desc"`
		Types     []string      `json:"types"`
		Created   int64         `json:"created_time"`
		FirstSeen int64         `json:"first_seen_time"`
		LastSeen  int64         `json:"last_seen_time"`
		Modified  int64         `json:"modified_time"`
		Analytic  *ocsfAnalytic `json:"analytic,omitempty"`
	}
	ocsfAnalytic struct {
		UID    string `json:"uid"`
		Name   string `json:"name,omitempty"`
		TypeID int    `json:"type_id"`
		Type   string `json:"type"`
	}
	ocsfCompliance struct {
		Control       string      `json:"control"`
		Desc          string      `json:"desc,omitempty"`
		Category      string      `json:"category,omitempty"`
		Standards     []string    `json:"standards,omitempty"`
		Requirements  []string    `json:"requirements,omitempty"`
		Params        []ocsfPair  `json:"control_parameters,omitempty"`
		Status        string      `json:"status"`
		StatusID      int         `json:"status_id"`
		StatusCode    string      `json:"status_code,omitempty"`
		StatusDetails []string    `json:"status_details,omitempty"`
		Checks        []ocsfCheck `json:"checks"`
	}
	ocsfCheck struct {
		UID        string   `json:"uid"`
		Name       string   `json:"name,omitempty"`
		Status     string   `json:"status"`
		StatusID   int      `json:"status_id"`
		Severity   string   `json:"severity"`
		SeverityID int      `json:"severity_id"`
		Standards  []string `json:"standards,omitempty"`
	}
	ocsfResource struct {
		UID       string     `json:"uid"`
		Name      string     `json:"name,omitempty"`
		Type      string     `json:"type,omitempty"`
		Partition string     `json:"cloud_partition,omitempty"`
		Region    string     `json:"region,omitempty"`
		Owner     *ocsfUser  `json:"owner,omitempty"`
		Tags      []ocsfPair `json:"tags,omitempty"`
	}
	ocsfUser struct {
		Name string `json:"name"`
	}
	ocsfPair struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	ocsfRemedy struct {
		Desc string `json:"desc"`
	}
	ocsfEvidence struct {
		Data json.RawMessage `json:"data"`
	}
)
