package advisor

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/awsposture/posture"
)

// The checks on DNS records that are recomputed by functions of this file.
const (
	CheckMailPolicy      = "c9D319e7sG"
	CheckMismatchedCNAME = "c1ng44jvbm"
)

// RecordFact is a set of DNS records of one name and type, as Route 53 has it.
type RecordFact struct {
	Zone   posture.Resource
	Name   string // with or without the final dot
	Type   string // "MX", "TXT", "SPF", "CNAME" …
	Values []string
}

func (r RecordFact) name() string { return strings.ToLower(strings.TrimSuffix(r.Name, ".")) }

// sentFrom tells whether one of the record's values is a sender policy.
func (r RecordFact) senderPolicy() bool {
	for _, v := range r.Values {
		if strings.HasPrefix(strings.TrimLeft(v, `"`), "v=spf1") {
			return true
		}
	}
	return false
}

// MailPolicy recomputes "Amazon Route 53 MX Resource Record Sets and Sender Policy
// Framework": a name that receives mail is green where a TXT record of it begins
// with v=spf1, yellow where only an SPF record does, red where none does. records
// are the records of whole zones.
func MailPolicy(records []RecordFact) (rows []Row) {
	best := map[string]Colour{}
	key := func(r RecordFact) string { return r.Zone.ID + "/" + r.name() }
	for _, r := range records {
		switch {
		case r.Type == "TXT" && r.senderPolicy():
			best[key(r)] = Green
		case r.Type == "SPF" && r.senderPolicy() && best[key(r)] == "":
			best[key(r)] = Yellow
		}
	}
	for _, r := range records {
		if r.Type != "MX" {
			continue
		}
		row := Row{Resource: recordResource(r), Colour: cmp.Or(best[key(r)], Red)}
		switch row.Colour {
		case Green:
			row.Reason = "A TXT record says who sends its mail."
		case Yellow:
			row.Reason = "Only an SPF record says who sends its mail; receivers read TXT records."
		default:
			row.Reason = "No record says who sends its mail."
		}
		rows = append(rows, row)
	}
	return rows
}

// MismatchedCNAME recomputes "Amazon Route 53 mismatching CNAME records pointing
// directly to S3 buckets": a CNAME record of a host name of S3 is yellow unless
// the bucket that the host name names is called as the record is.
func MismatchedCNAME(records []RecordFact) (rows []Row) {
	for _, r := range records {
		if r.Type != "CNAME" {
			continue
		}
		for _, v := range r.Values {
			bucket, ok := isBucketHost(v)
			if !ok {
				continue
			}
			row := Row{Resource: recordResource(r), Colour: Green, Reason: "It points to the bucket of its own name."}
			if bucket != r.name() {
				row.Colour, row.Reason = Yellow, fmt.Sprintf("It points to the bucket %s, which has another name.", bucket)
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// recordResource is a record set as a resource.
func recordResource(r RecordFact) posture.Resource {
	at := r.Zone
	at.Type, at.ID, at.ARN = "AWS::Route53::RecordSet", r.Zone.ID+"/"+r.name(), ""
	return at
}
