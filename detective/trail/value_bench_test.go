package trail

import "testing"

// BenchmarkMember searches parameters for one member, as most conditions of
// rules do.
func BenchmarkMember(b *testing.B) {
	for _, c := range []struct{ name, text, key string }{
		{"second", `{"bucketName":"example-bucket-12","Host":"example-bucket-12.s3.eu-central-1.amazonaws.com","key":"data/year=2026/month=03/part-0123456789abcdef.parquet"}`, "Host"},
		{"absent", `{"bucketName":"example-bucket-12","Host":"example-bucket-12.s3.eu-central-1.amazonaws.com","key":"data/year=2026/month=03/part-0123456789abcdef.parquet"}`, "acl"},
		{"nested", `{"maxResults":1000,"instancesSet":{"items":[{"instanceId":"i-00123456789abcdef"},{"instanceId":"i-00123456789abcdf0"}]},"filterSet":{"items":[{"name":"instance-state-name"}]},"dryRun":true}`, "dryRun"},
	} {
		b.Run(c.name, func(b *testing.B) {
			v, _ := JSON([]byte(c.text))
			n := 0
			for b.Loop() {
				n += len(v.Member(c.key).Raw())
			}
			if n == 0 && c.name != "absent" {
				b.Fatal("not found")
			}
		})
	}
}

// BenchmarkText copies the texts of members that the first pass found.
func BenchmarkText(b *testing.B) {
	var e Event
	if err := e.Parse([]byte(record)); err != nil {
		b.Fatal(err)
	}
	paths := []Path{P("eventName"), P("eventSource"), P("userIdentity.arn"), P("errorCode")}
	b.Run("AppendText", func(b *testing.B) {
		var dst []byte
		for b.Loop() {
			dst = dst[:0]
			for i := range paths {
				dst = e.AppendText(dst, &paths[i])
			}
		}
	})
	b.Run("AppendPrincipal", func(b *testing.B) {
		var dst []byte
		for b.Loop() {
			dst = e.AppendPrincipal(dst[:0])
		}
	})
	b.Run("Time", func(b *testing.B) {
		for b.Loop() {
			e.Time()
		}
	})
	b.Run("AppendValues", func(b *testing.B) {
		var dst []Value
		p := P("requestParameters.name")
		for b.Loop() {
			dst = e.AppendValues(dst[:0], &p)
		}
	})
}
