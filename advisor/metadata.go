package advisor

import (
	"strconv"
	"strings"
)

// Metadata gives a name to each of the values that the Support API gives by
// position. headers are the check's, of the same language; where there are fewer
// values than headers, or a value is nil, the header is left out, so that what
// needs it finds nothing and not its neighbour. Values without a header are
// dropped.
func Metadata(headers []string, values []*string) map[string]string {
	named := make(map[string]string, len(headers))
	for i, h := range headers {
		if i < len(values) && values[i] != nil {
			named[h] = *values[i]
		}
	}
	return named
}

// identities are the headers that name the resource of a row, best first. They are
// what checks call it in the AWS Support API, as of November 2026.
var identities = []string{
	"Resource ARN", "Resource Arn", "Function ARN", "Resource", "Resource ID", "Resource Id", "Security Group ID", "Group ID", "Instance ID", "Instance/Resource ID", "Volume ID", "Snapshot ID",
	"Bucket Name", "IAM User", "User", "Access Key ID", "Load Balancer Name", "DB Instance", "DB Instance Name", "DB Instance or Cluster ID", "DB Cluster Identifier", "Cluster", "Distribution ID",
	"Hosted Zone ID", "IP Address", "Trail Name", "Log Group ARN", "Topic ARN", "Limit Name", "Workload ARN", "Auto Scaling Group Name", "VPN ID", "Reserved Instance ID", "RDS Security Group Name",
	"Connection ID", "Gateway ID",
}

// identified are the checks whose resource is not what the first of identities
// names, or takes several headers.
var identified = map[string][]string{
	"ePs02jT06w": {"Snapshot ID"}, "PPkZrjsH2q": {"Volume ID"}, "vjafUGJ9H0": {"Trail Name"}, CheckMailPolicy: {"Hosted Zone ID", "Resource Record Set Name"},
}

// Identity gives the resource that a check's row is about: what AWS says, the ARN
// or id that the row's metadata has, or as the last resort the row's own id. A
// name that stands before something in brackets, such as "sg-1 (vpc-2)", is taken
// without it.
func Identity(check, awsID, rowID string, meta map[string]string) string {
	if awsID != "" {
		return awsID
	}
	if headers := identified[check]; headers != nil {
		parts := make([]string, len(headers))
		for i, h := range headers {
			if parts[i] = strings.TrimSuffix(meta[h], "."); parts[i] == "" { // a name in DNS may end with a dot
				return rowID
			}
		}
		return strings.Join(parts, "/")
	}
	for _, h := range identities {
		name, _, _ := strings.Cut(meta[h], " (")
		if name != "" {
			return name
		}
	}
	return rowID
}

// SavingsIn reads the monthly savings that a row's metadata has, 0 where it has
// none or where they do not parse.
func SavingsIn(meta map[string]string) Cents {
	for _, h := range []string{"Estimated Monthly Savings", "Estimated Monthly Savings (On Demand)", "Monthly Savings", "Estimated monthly savings"} {
		text, has := meta[h]
		if !has {
			continue
		}
		text = strings.ReplaceAll(strings.TrimPrefix(strings.TrimSpace(text), "$"), ",", "")
		if dollars, err := strconv.ParseFloat(text, 64); err == nil && dollars > 0 && dollars < 1e12 {
			return CentsOf(dollars)
		}
	}
	return 0
}

// name is the last part of an ARN, by which a resource is the same one in an ARN
// and without it.
func name(id string) string {
	if !strings.HasPrefix(id, "arn:") {
		return id
	}
	return id[strings.LastIndexAny(id, "/:")+1:]
}
