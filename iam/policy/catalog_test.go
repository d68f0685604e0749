package policy

import (
	"bytes"
	"compress/gzip"
	"slices"
	"strings"
	"testing"
)

func TestEmbeddedCatalog(t *testing.T) {
	c := EmbeddedCatalog()
	if version, date := c.Version(); version != DataVersion || date != DataDate {
		t.Errorf("data %s of %s, generated file says %s of %s", version, date, DataVersion, DataDate)
	}
	if !slices.Equal(c.rcp, rcpServices) {
		t.Error("the two lists of services with resource control policies differ")
	}
	if n := len(c.Prefixes()); n < 400 {
		t.Errorf("%d services", n)
	}
	s3 := c.Service("S3")
	get := s3.Action("getobject")
	if get == nil || get.Name != "GetObject" || get.Levels != "R" {
		t.Fatalf("s3:GetObject is %+v", get)
	}
	if arn := s3.Types[get.Types[slices.Index(typeNames(s3, get), "object")]].ARN; arn != "arn:${Partition}:s3:::${BucketName}/${ObjectName}" {
		t.Errorf("object ARN %s", arn)
	}
	if c.Service("nosuch") != nil || s3.Action("NoSuch") != nil {
		t.Error("found what is not there")
	}
	all := c.Expand("*")
	if len(all) < 20000 || len(c.Expand("s3:*")) != len(s3.Actions) || c.Expand("s*:Get*") != nil {
		t.Errorf("expansions: %d of *, %d of s3:*", len(all), len(c.Expand("s3:*")))
	}
	if got := c.Expand("sts:AssumeRole*"); !slices.Equal(got, []string{"sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"}) {
		t.Errorf("got %v", got)
	}
	for _, prefix := range c.Prefixes() {
		s := c.Service(prefix)
		if !slices.IsSortedFunc(s.Actions, func(a, b Action) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) }) {
			t.Errorf("%s: actions out of order", prefix)
		}
		for _, a := range s.Actions {
			if len(a.Types) != len(a.Required) {
				t.Errorf("%s:%s: types %v, required %v", prefix, a.Name, a.Types, a.Required)
			}
			for _, i := range a.Keys {
				if i >= len(s.Keys) {
					t.Errorf("%s:%s: key %d of %d", prefix, a.Name, i, len(s.Keys))
				}
			}
		}
	}
}

func typeNames(s *Service, a *Action) (names []string) {
	for _, i := range a.Types {
		names = append(names, s.Types[i].Name)
	}
	return names
}

func TestReadCatalog(t *testing.T) {
	pack := func(text string) *bytes.Buffer {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return &b
	}
	c, err := ReadCatalog(pack("V\t1.2\t2030-01-01\nC\ts3\nS\tx\nK\tx:k\tBool\nR\tt\tarn:${Partition}:x:::${T}\t0\nA\tGo\tW\t0!\t0\n"))
	if err != nil {
		t.Fatal(err)
	}
	a := c.Service("x").Action("go")
	if a == nil || !a.Required[0] || c.Service("x").Keys[0].Type != "Bool" {
		t.Errorf("got %+v", c.Service("x"))
	}
	if _, err := ReadCatalog(strings.NewReader("no")); err == nil {
		t.Error("plain text was read")
	}
	if _, err := ReadCatalog(pack("no version")); err == nil {
		t.Error("data without a version was read")
	}
}

func BenchmarkCatalogUnpack(b *testing.B) {
	for b.Loop() {
		if _, err := ReadCatalog(bytes.NewReader(embeddedData)); err != nil {
			b.Fatal(err)
		}
	}
}
