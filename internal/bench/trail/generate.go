package trail

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/awsposture/posture/detective/trail/schema"
)

// Generator writes records of a small world of accounts, roles, users and
// buckets. The same seed gives the same records.
type Generator struct {
	r     *rand.Rand
	at    time.Time
	n     int
	names []call // by frequency
	cum   []float64
	roles []string
	agent []string
}

type call struct {
	source, name string
	read, data   bool
}

// shares are the sources' shares of all events; the rest is a long tail.
var shares = map[string]float64{"sts": .18, "s3": .20, "kms": .15, "ec2": .15, "logs": .06, "lambda": .05, "dynamodb": .05, "iam": .02, "signin": .001}

// NewGenerator makes a generator.
func NewGenerator(seed uint64) *Generator {
	g := &Generator{r: rand.New(rand.NewPCG(seed, 0x7261696c)), at: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}
	tail := 1.0
	rank := map[string]int{}
	weights := []float64{}
	sources := schema.EventSources()
	for _, s := range shares {
		tail -= s
	}
	for _, src := range sources {
		short := strings.TrimSuffix(src, ".amazonaws.com")
		share, ok := shares[short]
		if !ok {
			share = tail / float64(len(sources)-len(shares))
		}
		names := schema.Names(src)
		g.r.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		// The frequent calls of the large services come first.
		for i, hot := range map[string][]string{"sts": {"AssumeRole", "GetCallerIdentity"}, "s3": {"GetObject", "PutObject", "ListObjects"}, "kms": {"Decrypt", "GenerateDataKey"}, "ec2": {"DescribeInstances", "DescribeVolumes", "DescribeTags"}, "logs": {"CreateLogStream", "DescribeLogGroups"}, "lambda": {"Invoke", "ListFunctions"}, "dynamodb": {"GetItem", "Query", "PutItem"}, "iam": {"GetRole", "ListRoles", "GetUser"}}[short] {
			for j := range names {
				if names[j] == hot {
					names[i], names[j] = names[j], names[i]
				}
			}
		}
		weight := func(i int) float64 {
			w := math.Pow(float64(i+1), -1.5)
			if rare(names[i]) {
				w *= .02
			}
			return w
		}
		total := .05 // a service of rare calls only is rare too
		for i := range names {
			total += weight(i)
		}
		for i, n := range names {
			read := strings.HasPrefix(n, "Get") || strings.HasPrefix(n, "List") || strings.HasPrefix(n, "Describe") || n == "Decrypt" || n == "AssumeRole" || strings.HasPrefix(n, "Head") || n == "Query"
			g.names = append(g.names, call{src, n, read, short == "dynamodb" || short == "s3" && strings.Contains(n, "Object") || n == "Invoke"})
			weights = append(weights, share*weight(i)/total)
			rank[n]++
		}
	}
	sum := 0.0
	for _, w := range weights {
		sum += w
		g.cum = append(g.cum, sum)
	}
	for i := range 300 {
		g.roles = append(g.roles, fmt.Sprintf("service-%s-%03d", []string{"web", "batch", "etl", "deploy", "ops"}[i%5], i))
	}
	for i := range 40 {
		g.agent = append(g.agent, []string{
			fmt.Sprintf("aws-sdk-go-v2/1.%d.0 ua/2.1 os/linux lang/go#1.26.%d md/GOOS#linux md/GOARCH#arm64 api/s3#1.%d.0 m/E,g,u", 20+i, i%9, i),
			fmt.Sprintf("Boto3/1.40.%d md/Botocore#1.40.%d ua/2.1 os/linux#6.1.%d md/arch#x86_64 lang/python#3.13.%d md/pyimpl#CPython cfg/retry-mode#standard", i, i, i, i%5),
			fmt.Sprintf("aws-cli/2.%d.3 md/awscrt#0.23.8 ua/2.1 os/linux#6.8 md/arch#x86_64 lang/python#3.12.6 md/prompt#off md/command#ec2.describe-instances", i),
			fmt.Sprintf("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/1%d.0.0.0 Safari/537.36", 20+i),
			fmt.Sprintf("APN/1.0 HashiCorp/1.0 Terraform/1.%d.2 (+https://www.terraform.io) terraform-provider-aws/6.%d.0", i%12, i),
		}[i%5])
	}
	return g
}

// rare is true of calls that change what protects, or that nobody makes daily.
// The table of names has more of them than of others, trails have hardly any.
func rare(name string) bool {
	for _, verb := range []string{"Delete", "Disable", "Disassociate", "Detach", "Deactivate", "Stop", "Update", "Put", "Set", "Modify", "Create", "Attach", "Remove", "Add", "Enable", "Import", "Export", "Copy", "Register", "Deregister", "Start", "Associate", "Authorize", "Cancel", "Schedule", "Archive", "Accept", "Leave", "Transfer", "Close", "Replace", "Reset", "Retrieve", "Share", "Restore", "Batch", "Change", "Terminate"} {
		if strings.HasPrefix(name, verb) {
			return !strings.Contains(name, "Object") && !strings.Contains(name, "Item") && !strings.Contains(name, "LogStream") && name != "PutMetricData"
		}
	}
	return name == "AssumeRoot" || name == "GetPasswordData" || name == "ConsoleLogin"
}

func (g *Generator) pick() call {
	x := g.r.Float64() * g.cum[len(g.cum)-1]
	lo, hi := 0, len(g.cum)-1
	for lo < hi {
		m := (lo + hi) / 2
		if g.cum[m] < x {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return g.names[lo]
}

func (g *Generator) hex(n int) string {
	const d = "0123456789abcdef"
	b := make([]byte, n)
	for i := range b {
		b[i] = d[g.r.IntN(16)]
	}
	return string(b)
}

func (g *Generator) guid() string {
	return g.hex(8) + "-" + g.hex(4) + "-4" + g.hex(3) + "-a" + g.hex(3) + "-" + g.hex(12)
}

func (g *Generator) account() string { return accountID(g.r.IntN(accountCount)) }

// The world's size.
const accountCount, bucketCount = 12, 90

func accountID(i int) string  { return fmt.Sprintf("%012d", 111122223333+i) }
func bucketName(i int) string { return fmt.Sprintf("example-bucket-%d", i) }

// Append appends one record to dst.
func (g *Generator) Append(dst []byte) []byte {
	g.n++
	g.at = g.at.Add(time.Duration(g.r.IntN(40)) * time.Millisecond)
	c := g.pick()
	acct := g.account()
	region := []string{"us-east-1", "eu-central-1", "us-west-2", "eu-west-1"}[g.r.IntN(4)]
	when := g.at.Add(-time.Duration(g.r.IntN(900)) * time.Second)
	type member struct{ k, v string }
	var ms []member
	add := func(k, v string) { ms = append(ms, member{k, v}) }
	str := func(k, v string) { b, _ := json.Marshal(v); add(k, string(b)) }
	add("eventVersion", `"1.1`+string("0111"[g.r.IntN(4)])+`"`)
	byService := g.identity(acct, when, func(v string) { add("userIdentity", v) })
	str("eventTime", when.Format(time.RFC3339))
	str("eventSource", c.source)
	str("eventName", c.name)
	str("awsRegion", region)
	switch {
	case byService != "":
		str("sourceIPAddress", byService)
		str("userAgent", byService)
	case g.r.IntN(50) == 0:
		str("sourceIPAddress", "AWS Internal")
		str("userAgent", "AWS Internal")
	default:
		str("sourceIPAddress", fmt.Sprintf("198.51.100.%d", g.r.IntN(256)))
		str("userAgent", g.agent[g.r.IntN(len(g.agent))])
	}
	failed := g.r.IntN(100) < 7 || g.n/2000%40 == 7 && g.r.IntN(10) < 3 // with bursts
	if failed {
		str("errorCode", []string{"AccessDenied", "Client.UnauthorizedOperation", "NoSuchKey", "ThrottlingException", "ResourceNotFoundException"}[g.r.IntN(5)])
		str("errorMessage", "User: arn:aws:sts::"+acct+":assumed-role/x/y is not authorized to perform: "+c.name+" on resource: arn:aws:example:"+region)
	}
	add("requestParameters", g.params(c, acct, region))
	switch {
	case c.name == "AssumeRole" && !failed:
		add("responseElements", fmt.Sprintf(`{"credentials":{"accessKeyId":"ASIA%s","sessionToken":"%s","expiration":"Mar 1, 2026, 11:00:00 AM"},"assumedRoleUser":{"assumedRoleId":"AROA%s:s%d","arn":"arn:aws:sts::%s:assumed-role/%s/s"}}`, strings.ToUpper(g.hex(16)), g.hex(200), strings.ToUpper(g.hex(16)), g.r.IntN(500), acct, g.roles[g.r.IntN(len(g.roles))]))
	case c.read || failed:
		add("responseElements", "null")
	default:
		add("responseElements", fmt.Sprintf(`{"_return":true,"requestId":"%s","status":{"code":"OK","items":[{"id":"r-%s","state":"pending"}]}}`, g.guid(), g.hex(12)))
	}
	if c.data || g.r.IntN(3) == 0 {
		add("additionalEventData", fmt.Sprintf(`{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":%d,"AuthenticationMethod":"AuthHeader","x-amz-id-2":"%s","bytesTransferredOut":%d}`, g.r.IntN(4000), g.hex(64), g.r.IntN(90000)))
	}
	str("requestID", strings.ToUpper(g.hex(16)))
	str("eventID", g.guid())
	add("readOnly", fmt.Sprint(c.read))
	if c.data || c.source == "kms.amazonaws.com" || c.name == "AssumeRole" {
		add("resources", fmt.Sprintf(`[{"accountId":"%s","type":"AWS::Example::Thing","ARN":"arn:aws:example:%s:%s:thing/%s"}]`, acct, region, acct, g.hex(12)))
	}
	str("eventType", "AwsApiCall")
	if g.r.IntN(4) == 0 {
		str("apiVersion", "2026-01-01")
	}
	add("managementEvent", fmt.Sprint(!c.data))
	str("recipientAccountId", acct)
	if g.r.IntN(8) == 0 {
		str("sharedEventID", g.guid())
	}
	str("eventCategory", map[bool]string{true: "Data", false: "Management"}[c.data])
	if byService == "" {
		add("tlsDetails", fmt.Sprintf(`{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"%s.%s.amazonaws.com"}`, strings.TrimSuffix(c.source, ".amazonaws.com"), region))
	}
	if g.r.IntN(40) == 0 {
		str("sessionCredentialFromConsole", "true")
	}
	if g.r.IntN(33) == 0 {
		g.r.Shuffle(len(ms), func(i, j int) { ms[i], ms[j] = ms[j], ms[i] })
	}
	start := len(dst)
	dst = append(dst, '{')
	for i, m := range ms {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(append(append(append(dst, '"'), m.k...), '"', ':'), m.v...)
	}
	dst = append(dst, '}')
	if g.r.IntN(200) == 0 {
		var b bytes.Buffer
		if json.Indent(&b, dst[start:], "", "  ") == nil {
			dst = append(dst[:start], b.Bytes()...)
		}
	}
	return dst
}

// Document is {"Records":[…]} with so many records.
func (g *Generator) Document(dst []byte, records int) []byte {
	dst = append(dst, `{"Records":[`...)
	for i := range records {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = g.Append(dst)
	}
	return append(dst, "]}"...)
}
