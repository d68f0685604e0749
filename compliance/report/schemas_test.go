//go:build schemas

package report

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/awsposture/posture/compliance"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// The folder with the published schemas is named by SCHEMAS. It is not
// part of the project: the schemas are their publishers'.
func schemaFile(t *testing.T, name string) string {
	t.Helper()
	dir := os.Getenv("SCHEMAS")
	if dir == "" {
		t.Fatal("SCHEMAS names no folder")
	}
	return filepath.Join(dir, name)
}

func schema(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	b, err := os.ReadFile(schemaFile(t, name))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// inputs are what every format is validated with.
func inputs() map[string][]compliance.Item {
	return map[string][]compliance.Item{"small": small(), "generated": generated(2400), "empty item": {{}}}
}

func headers(items []compliance.Item) map[string]Header {
	return map[string]Header{
		"header": header(), "hostile header": hostileHeader(), "time only": {Finished: finished},
		"comparison": compared(header(), items), "hostile header, comparison": compared(hostileHeader(), items),
	}
}

// validate checks each line of what a format writes, or all of it.
func validate(t *testing.T, f Format, schemaName string, lines bool) {
	t.Helper()
	s := schema(t, schemaName)
	for in, items := range inputs() {
		for head, h := range headers(items) {
			b := write(t, f, h, slices.Values(items))
			docs := [][]byte{b}
			if lines {
				docs = bytes.Split(bytes.TrimSuffix(b, []byte("\n")), []byte("\n"))
			}
			n := 0
			for i, d := range docs {
				if len(d) == 0 {
					continue
				}
				v, err := jsonschema.UnmarshalJSON(bytes.NewReader(d))
				if err == nil {
					err = s.Validate(v)
				}
				if err != nil {
					t.Errorf("%s, %s: document %d: %v", in, head, i, err)
					return
				}
				n++
			}
			t.Logf("%s, %s: %d documents, %d bytes valid against %s", in, head, n, len(b), schemaName)
		}
	}
}

func TestSchemaOCSFCompliance(t *testing.T) {
	validate(t, OCSFCompliance{}, "ocsf-1.8.0-compliance_finding.cloud.schema.json", true)
}

func TestSchemaOCSFDetection(t *testing.T) {
	validate(t, OCSFDetection{}, "ocsf-1.8.0-detection_finding.cloud.schema.json", true)
}

func TestSchemaASFF(t *testing.T) {
	validate(t, ASFF{}, "asff-botocore.schema.json", true)
}

func TestSchemaSARIF(t *testing.T) { validate(t, SARIF{}, "sarif-schema-2.1.0.json", false) }

func TestSchemaOSCAL(t *testing.T) {
	validate(t, OSCAL{}, "oscal-1.2.1_assessment-results_schema.json", false)
}

// The schemas must be able to refuse: what is broken on purpose does not pass.
func TestSchemasRefuse(t *testing.T) {
	for _, c := range []struct {
		f             Format
		schema        string
		lines         bool
		member, value string
	}{
		{OCSFCompliance{}, "ocsf-1.8.0-compliance_finding.cloud.schema.json", true, `"class_uid":2003`, `"class_uid":2004`},
		{ASFF{}, "asff-botocore.schema.json", true, `"Status":"FAILED"`, `"Status":"FAIL"`},
		{SARIF{}, "sarif-schema-2.1.0.json", false, `"kind":"fail"`, `"kind":"failed"`},
		{OSCAL{}, "oscal-1.2.1_assessment-results_schema.json", false, `"state":"not-satisfied"`, `"state":"unknown"`},
		{OSCAL{}, "oscal-1.2.1_assessment-results_schema.json", false, `"objective-id"`, `"control"`},
	} {
		b := write(t, c.f, header(), slices.Values(small()))
		if c.lines {
			b, _, _ = bytes.Cut(b, []byte("\n"))
		}
		broken := bytes.ReplaceAll(b, []byte(c.member), []byte(c.value))
		var v any
		if err := json.Unmarshal(broken, &v); err != nil || bytes.Equal(b, broken) {
			t.Fatalf("%T: nothing was broken by %s (%v)", c.f, c.value, err)
		}
		if schema(t, c.schema).Validate(v) == nil {
			t.Errorf("%s passes %s", c.value, c.schema)
		}
	}
}

func TestSchemaJUnit(t *testing.T) {
	for _, xsd := range []string{"junit-10-jenkins.xsd", "junit-windyroad.xsd"} {
		for in, items := range inputs() {
			for head, h := range headers(items) {
				cmd := exec.Command("xmllint", "--noout", "--nonet", "--huge", "--schema", schemaFile(t, xsd), "-")
				cmd.Stdin = bytes.NewReader(write(t, JUnit{}, h, slices.Values(items)))
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Errorf("%s, %s against %s: %v\n%s", in, head, xsd, err, strings.Join(strings.SplitN(string(out), "\n", 6)[:5], "\n"))
				}
			}
		}
		cmd := exec.Command("xmllint", "--noout", "--nonet", "--schema", schemaFile(t, xsd), "-")
		cmd.Stdin = bytes.NewReader(bytes.ReplaceAll(write(t, JUnit{}, header(), slices.Values(small())), []byte(" classname="), []byte(" class=")))
		if cmd.Run() == nil {
			t.Errorf("%s refuses nothing", xsd)
		}
	}
}
