package live

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

const record = `{"eventVersion":"1.11","eventID":"1","eventName":"StopLogging","requestParameters":{"Message":"x"}}`

func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		return ""
	}
	return string(b)
}

func TestDecode(t *testing.T) {
	s3 := `{"Records":[{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"},"object":{"key":"a%3Db+c.json.gz"}}}]}`
	for name, c := range map[string]struct{ body, want string }{
		"S3":                              {s3, "[{b a=b c.json.gz}] 0"},
		"S3 through SNS":                  {`{"Type":"Notification","Message":` + quote(s3) + `}`, "[{b a=b c.json.gz}] 0"},
		"the trail's own through SNS":     {`{"Type":"Notification","Message":` + quote(`{"s3Bucket":"b","s3ObjectKey":["k1","k2"]}`) + `}`, "[{b k1} {b k2}] 0"},
		"the trail's own":                 {`{"s3Bucket":"b","s3ObjectKey":["k1"]}`, "[{b k1}] 0"},
		"S3 through EventBridge":          {`{"detail-type":"Object Created","source":"aws.s3","detail":{"bucket":{"name":"b"},"object":{"key":"a+b=c"}}}`, "[{b a+b=c}] 0"},
		"an event through EventBridge":    {`{"detail-type":"AWS API Call via CloudTrail","detail":` + record + `}`, "[] 1"},
		"an event, EventBridge and SNS":   {`{"Message":` + quote(`{"detail-type":"AWS API Call via CloudTrail","detail":`+record+`}`) + `}`, "[] 1"},
		"a record":                        {record, "[] 1"},
		"records":                         {`{"Records":[` + record + `,` + record + `]}`, "[] 2"},
		"records, one of a future format": {`{"Records":[` + record + `,{"eventVersion":"9.0"}]}`, "[] 1 unknown major version"},
		"S3's test":                       {`{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"b"}`, "[] 0"},
		"another EventBridge event":       {`{"detail-type":"GuardDuty Finding","detail":{"id":"1","schemaVersion":"2.0"}}`, "[] 0 no CloudTrail record"},
		"no records":                      {`{"Records":[]}`, "[] 0 no notification"},
		"an event of another format":      {`{"detail-type":"AWS API Call via CloudTrail","detail":{"eventVersion":"9.0"}}`, "[] 0 unknown major version"},
		"nothing":                         {`{}`, "[] 0 no notification"},
		"a list":                          {`[]`, "[] 0 no notification"},
		"no JSON":                         {`hello`, "[] 0 no notification"},
		"empty":                           {``, "[] 0 no notification"},
		"a text through SNS":              {`{"Message":"hello"}`, "[] 0 no notification"},
		"SNS in SNS":                      {`{"Message":` + quote(`{"Message":"{}"}`) + `}`, "[] 0 no notification"},
		"an object without a name":        {`{"detail-type":"Object Created","detail":{}}`, "[] 0 no notification"},
		"a key that is wrongly encoded":   {`{"Records":[{"s3":{"bucket":{"name":"b"},"object":{"key":"%zz"}}}]}`, "[] 0 invalid URL escape"},
	} {
		refs, events, err := decode([]byte(c.body))
		got := fmt.Sprintf("%v %d", refs, len(events))
		want, reason, _ := strings.Cut(c.want, "] ")
		n, reason, _ := strings.Cut(reason, " ")
		want += "] " + n
		if got != want || (err == nil) != (reason == "") || err != nil && !strings.Contains(err.Error(), reason) {
			t.Errorf("%s: %s %v, want %s", name, got, err, c.want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(record))
	f.Add([]byte(`{"Message":"{\"s3Bucket\":\"b\",\"s3ObjectKey\":[\"k\"]}"}`))
	f.Add([]byte(`{"detail-type":"Object Created","detail":{"bucket":{"name":"b"},"object":{"key":"k"}}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		refs, events, err := decode(body)
		if len(refs) > 0 && len(events) > 0 {
			t.Error("both objects and events")
		}
		for _, e := range events {
			if e == nil {
				t.Error("an event that is none")
			}
		}
		// What brings nothing and is no error would be deleted unread.
		if err == nil && len(refs) == 0 && len(events) == 0 && !strings.Contains(string(body), "TestEvent") {
			t.Errorf("%q is passed over in silence", body)
		}
	})
}
