package evidence_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/smithy-go/encoding/cbor"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/awsposture/posture/compliance/evidence"
	"github.com/awsposture/posture/iam"
)

// call is a request of a service whose client is not linked here, and the answer.
type call struct {
	service, operation string
	target             string // path and query
	header             http.Header
	contentType        string
	body               string

	status       int
	answerHeader http.Header
	answerType   string
	answer       string
}

// send sends c through the middleware of cfg, as a client would, and gives the
// body that the client gets.
func (c call) send(ctx context.Context, cfg aws.Config, url string) (string, error) {
	stack := middleware.NewStack(c.operation, smithyhttp.NewStackRequest)
	for _, add := range cfg.APIOptions {
		if err := add(stack); err != nil {
			return "", err
		}
	}
	ctx = middleware.WithServiceID(middleware.WithOperationName(middleware.ClearStackValues(ctx), c.operation), c.service)
	ctx = awsmiddleware.SetSigningCredentials(ctx, aws.Credentials{SecretAccessKey: secretKey, SessionToken: sessionToken})
	build := middleware.BuildMiddlewareFunc("request", func(ctx context.Context, in middleware.BuildInput, next middleware.BuildHandler) (middleware.BuildOutput, middleware.Metadata, error) {
		req := in.Request.(*smithyhttp.Request)
		made, err := http.NewRequestWithContext(ctx, http.MethodPost, url+c.target, nil)
		if err != nil {
			return middleware.BuildOutput{}, middleware.Metadata{}, err
		}
		req.Method, req.URL, req.Header = http.MethodPost, made.URL, c.header.Clone()
		if req.Header == nil {
			req.Header = http.Header{}
		}
		if c.contentType != "" {
			req.Header.Set("Content-Type", c.contentType)
		}
		if req, err = req.SetStream(strings.NewReader(c.body)); err != nil {
			return middleware.BuildOutput{}, middleware.Metadata{}, err
		}
		in.Request = req
		return next.HandleBuild(ctx, in)
	})
	if err := stack.Build.Add(build, middleware.After); err != nil {
		return "", err
	}
	var got []byte
	read := middleware.DeserializeMiddlewareFunc("answer", func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
		out, meta, err := next.HandleDeserialize(ctx, in)
		if err == nil {
			got, err = io.ReadAll(out.RawResponse.(*smithyhttp.Response).Body)
		}
		return out, meta, err
	})
	if err := stack.Deserialize.Add(read, middleware.Before); err != nil {
		return "", err
	}
	var client smithyhttp.ClientDo = &http.Client{Transport: &http.Transport{DisableCompression: true}}
	if cfg.HTTPClient != nil {
		client = cfg.HTTPClient
	}
	_, _, err := middleware.DecorateHandler(smithyhttp.NewClientHandlerWithOptions(client), stack).Handle(ctx, nil)
	return string(got), err
}

// recordCall sends c to a server that gives its answer, and gives what was
// recorded, and as text.
func recordCall(t *testing.T, c call, recorder *evidence.Recorder) (evidence.Recording, string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for k, v := range c.answerHeader {
			w.Header()[k] = v
		}
		if c.answerType != "" {
			w.Header().Set("Content-Type", c.answerType)
		}
		w.WriteHeader(max(c.status, http.StatusOK))
		_, _ = io.WriteString(w, c.answer)
	}))
	defer server.Close()
	got, err := c.send(t.Context(), recorder.Config(aws.Config{Region: "eu-west-1"}), server.URL)
	if err != nil {
		t.Fatal(err)
	}
	if got != c.answer {
		t.Errorf("the client got %q instead of %q", got, c.answer)
	}
	recording, text := written(t, recorder.Recording())
	if len(recording.Exchanges) != 1 {
		t.Fatalf("%d exchanges", len(recording.Exchanges))
	}
	// A replay knows the request again and gives the redacted answer.
	replayed, err := c.send(t.Context(), evidence.NewPlayer(recording).Config(), server.URL)
	if e := recording.Exchanges[0]; e.Answer.Withheld != "" {
		if err == nil || !strings.Contains(err.Error(), "withheld by the rule") {
			t.Errorf("withheld, and the replay says %v", err)
		}
	} else if err != nil || replayed != e.Answer.Text+string(e.Answer.Bytes) {
		t.Errorf("replay: %q, %v", replayed, err)
	}
	return recording, string(text)
}

const (
	jsonType = "application/x-amz-json-1.1"
	formType = "application/x-www-form-urlencoded; charset=utf-8"
	canary   = "Canary-7f3a9c51-not-to-be-kept"
	pemKey   = "-----BEGIN RSA PRIVATE KEY-----\nMIIEcanarycanary\n-----END RSA PRIVATE KEY-----"
)

func quoted(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

func zipped(s string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = io.WriteString(z, s)
	_ = z.Close()
	return b.String()
}

// TestSecretsAreNotRecorded sends a canary through every place where a secret
// is known to stand. rule is the rule that must have taken it out.
func TestSecretsAreNotRecorded(t *testing.T) {
	for name, tt := range map[string]struct {
		call
		rule string
		kept []string // what must still be there
	}{
		"authorization":             {call{service: "S3", header: http.Header{"Authorization": {"AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE, Signature=" + canary}}}, "authorization", nil},
		"session token":             {call{service: "S3", header: http.Header{"X-Amz-Security-Token": {canary}}, answerType: "text/xml", answer: "<Error><CanonicalRequest>x-amz-security-token:" + canary + "</CanonicalRequest></Error>"}, "seen", []string{"CanonicalRequest"}},
		"the credentials echoed":    {call{service: "IAM", answer: "<Error><Message>signed with " + sessionToken + " and " + secretKey + "</Message></Error>"}, "seen", []string{"signed with"}},
		"customer key":              {call{service: "S3", header: http.Header{"X-Amz-Server-Side-Encryption-Customer-Key": {canary}}}, "authorization", nil},
		"presigned query":           {call{service: "S3", target: "/key?X-Amz-Signature=" + canary + "&X-Amz-Security-Token=" + canary + "&versionId=3"}, "secret-member", []string{"versionId=3"}},
		"cookie":                    {call{service: "S3", header: http.Header{"Cookie": {"id=" + canary}}, answerHeader: http.Header{"Set-Cookie": {"id=" + canary}}}, "authorization", nil},
		"password in a form":        {call{service: "IAM", operation: "CreateLoginProfile", contentType: formType, body: "Action=CreateLoginProfile&UserName=ana&Password=" + canary}, "secret-member", []string{"UserName=ana"}},
		"parameter in a form":       {call{service: "CloudFormation", contentType: formType, body: "Parameters.member.1.ParameterKey=DbPassword&Parameters.member.1.ParameterValue=" + canary + "&Parameters.member.2.ParameterKey=Size&Parameters.member.2.ParameterValue=large"}, "secret-member", []string{"large"}},
		"access key":                {call{service: "IAM", operation: "CreateAccessKey", answer: "<CreateAccessKeyResponse><AccessKey><AccessKeyId>AKIAEXAMPLE</AccessKeyId><SecretAccessKey>" + canary + "</SecretAccessKey></AccessKey></CreateAccessKeyResponse>"}, "secret-member", []string{"AKIAEXAMPLE"}},
		"service credential":        {call{service: "IAM", answer: "<R><ServicePassword>" + canary + "</ServicePassword><ServiceCredentialSecret>" + canary + "</ServiceCredentialSecret></R>"}, "secret-member", nil},
		"CDATA":                     {call{service: "IAM", answer: "<R><Password><![CDATA[" + canary + "]]></Password></R>"}, "secret-member", nil},
		"in pieces":                 {call{service: "IAM", answer: "<R><Password>Canary-7f3a9c51<!-- -->-not-to-be-kept</Password></R>"}, "secret-member", nil},
		"secret value":              {call{service: "Secrets Manager", answerType: jsonType, answer: `{"ARN":"arn:aws:x","SecretString":` + quoted(`{"user":"ana","password":"`+canary+`"}`) + `,"VersionStages":["AWSCURRENT"]}`}, "secret-member", []string{"AWSCURRENT"}},
		"binary secret":             {call{service: "Secrets Manager", answerType: jsonType, answer: `{"SecretBinary":"` + base64.StdEncoding.EncodeToString([]byte(canary)) + `"}`}, "secret-member", nil},
		"session":                   {call{service: "STS", answer: "<R><Credentials><AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>" + canary + "</SecretAccessKey><SessionToken>" + canary + "</SessionToken></Credentials></R>"}, "secret-member", []string{"ASIAEXAMPLE"}},
		"lambda environment":        {call{service: "Lambda", answerType: jsonType, answer: `{"Environment":{"Variables":{"KEY":"` + canary + `","Name":"` + canary + `","type":"` + canary + `"}},"Runtime":"python3.14"}`}, "environment", []string{"python3.14", "KEY"}},
		"task environment":          {call{service: "ECS", answerType: jsonType, answer: `{"containerDefinitions":[{"name":"web","environment":[{"name":"MODE","value":"` + canary + `"}],"secrets":[{"name":"DB","valueFrom":"arn:aws:ssm:x"}]}]}`}, "environment", []string{"MODE", "valueFrom", "arn:aws:ssm:x"}},
		"build environment":         {call{service: "CodeBuild", answerType: jsonType, answer: `{"environment":{"type":"LINUX_CONTAINER","image":"example:1","computeType":"SMALL","environmentVariables":[{"name":"MODE","value":"` + canary + `","type":"PLAINTEXT"}]}}`}, "environment", []string{"LINUX_CONTAINER", "example:1", "PLAINTEXT", "MODE"}},
		"model environment":         {call{service: "SageMaker", answerType: jsonType, answer: `{"Environment":{"MODE":"` + canary + `"}}`}, "environment", []string{"MODE"}},
		"beanstalk environment":     {call{service: "Elastic Beanstalk", answer: "<R><OptionSettings><member><Namespace>aws:elasticbeanstalk:application:environment</Namespace><OptionName>MODE</OptionName><Value>" + canary + "</Value></member></OptionSettings></R>"}, "environment", []string{"MODE"}},
		"secure parameter":          {call{service: "SSM", answerType: jsonType, answer: `{"Parameter":{"Name":"/prod/x","Type":"SecureString","Value":"` + canary + `","Version":1}}`}, "secure-parameter", []string{"/prod/x"}},
		"parameter named password":  {call{service: "SSM", answerType: jsonType, answer: `{"Parameter":{"Name":"/prod/db-password","Type":"String","Value":"` + canary + `"}}`}, "secret-member", []string{"/prod/db-password"}},
		"API key":                   {call{service: "API Gateway", answerType: jsonType, answer: `{"item":[{"id":"a1","value":"` + canary + `","name":"partner"}]}`}, "secure-parameter", []string{"partner"}},
		"user data":                 {call{service: "EC2", answer: "<R><userData><value>" + base64.StdEncoding.EncodeToString([]byte(canary)) + "</value></userData></R>"}, "secret-member", nil},
		"tunnel key":                {call{service: "EC2", answer: "<R><preSharedKey>" + canary + "</preSharedKey><customerGatewayConfiguration>&lt;pre_shared_key&gt;" + canary + "&lt;/pre_shared_key&gt;</customerGatewayConfiguration></R>"}, "secret-member", nil},
		"private key":               {call{service: "ACM", answerType: jsonType, answer: `{"Certificate":"-----BEGIN CERTIFICATE-----","Body":` + quoted("before "+pemKey+" after") + `}`}, "private-key", []string{"BEGIN CERTIFICATE", "before ", " after"}},
		"private key in base64":     {call{service: "X", answerType: jsonType, answer: `{"blob":"` + base64.StdEncoding.EncodeToString([]byte(pemKey)) + `"}`}, "private-key", nil},
		"echo in base64":            {call{service: "X", answerType: jsonType, answer: `{"Password":"` + canary + `","blob":"` + base64.StdEncoding.EncodeToString([]byte("it is "+canary+" and nothing else")) + `"}`}, "seen", nil},
		"document in a document":    {call{service: "Config Service", answerType: jsonType, answer: `{"configuration":` + quoted(`{"functionName":"f","environment":{"variables":{"A":"`+canary+`"}}}`) + `}`}, "environment", []string{"functionName"}},
		"JSON web token":            {call{service: "X", answerType: jsonType, answer: `{"note":"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.canarycanarycanary"}`}, "token", []string{"note"}},
		"AWS token elsewhere":       {call{service: "X", answerType: jsonType, answer: `{"note":"IQoJb3JpZ2luX2VjEcanarycanarycanary"}`}, "token", []string{"note"}},
		"password of an URL":        {call{service: "X", answerType: jsonType, answer: `{"url":"postgres://app:` + canary + `@db.example.com/main"}`}, "token", []string{"postgres://app:", "@db.example.com/main"}},
		"tag":                       {call{service: "X", answerType: jsonType, answer: `{"Tags":[{"Key":"admin_password","Value":"` + canary + `"},{"Key":"owner","Value":"ana"}]}`}, "secret-member", []string{"ana", "admin_password"}},
		"compressed":                {call{service: "X", answerType: jsonType, answerHeader: http.Header{"Content-Encoding": {"gzip"}}, answer: zipped(`{"AuthToken":"` + canary + `","x":"kept"}`)}, "secret-member", []string{"kept"}},
		"CBOR":                      {call{service: "X", answerType: "application/cbor", answer: string(cbor.Encode(cbor.Map{"Password": cbor.String(canary), "Blob": cbor.Map{"Plaintext": cbor.Slice(canary)}, "Name": cbor.String("kept")}))}, "secret-member", []string{"kept"}},
		"CBOR request":              {call{service: "X", contentType: "application/cbor", body: string(cbor.Encode(cbor.Map{"Password": cbor.String(canary), "Name": cbor.String("kept")}))}, "secret-member", []string{"kept"}},
		"comment":                   {call{service: "X", answer: "<R><Password>" + canary + "</Password><!-- " + canary + " --></R>"}, "unreadable", nil},
		"token in an attribute":     {call{service: "X", answer: `<R note="eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.canarycanarycanary"/>`}, "unreadable", nil},
		"attribute":                 {call{service: "X", answer: `<R Secret="` + canary + `"/>`}, "unreadable", nil},
		"member's name":             {call{service: "X", answerType: jsonType, answer: `{"Password":"` + canary + `","` + strings.Replace(canary, "C", `\u0043`, 1) + `":1}`}, "unreadable", nil},
		"nested member's name":      {call{service: "X", answerType: jsonType, answer: `{"Password":"` + canary + `","x":` + quoted(`{"`+canary+`":1}`) + `}`}, "seen", nil},
		"neither JSON nor XML":      {call{service: "X", answerType: "application/octet-stream", answer: "\x00\x01" + canary}, "unreadable", nil},
		"an answer that breaks off": {call{service: "X", answerType: jsonType, answer: `{"Password":"` + canary}, "unreadable", nil},
		"answer header":             {call{service: "X", answerHeader: http.Header{"X-Amz-Meta-Password": {canary}, "X-Amz-Id-2": {"kept"}}}, "authorization", []string{"kept"}},
		"password echoed":           {call{service: "IAM", contentType: formType, body: "Password=" + canary, status: 400, answer: "<Error><Message>The password " + canary + " is too short</Message></Error>"}, "seen", []string{"is too short"}},
	} {
		t.Run(name, func(t *testing.T) {
			recorder := &evidence.Recorder{Account: place.Account, Now: clock}
			recording, text := recordCall(t, tt.call, recorder)
			e := recording.Exchanges[0]
			all := text + e.Body.Text + string(e.Body.Bytes) + e.Answer.Text + string(e.Answer.Bytes)
			for _, secret := range []string{canary, "canarycanary", base64.StdEncoding.EncodeToString([]byte(canary)), base64.StdEncoding.EncodeToString([]byte("it is " + canary + " and nothing else")), secretKey, sessionToken} {
				if strings.Contains(all, secret) {
					t.Errorf("%q was kept:\n%s", secret, all)
				}
			}
			var rules []string
			for _, r := range e.Redactions {
				rules = append(rules, r.Rule)
				if r.Where == "" {
					t.Errorf("%s does not say where", r.Rule)
				}
			}
			if !strings.Contains(fmt.Sprint(rules), tt.rule) {
				t.Errorf("the rule %q is not noted: %v", tt.rule, e.Redactions)
			}
			for _, k := range tt.kept {
				if !strings.Contains(all, k) {
					t.Errorf("%q was not kept:\n%s", k, all)
				}
			}
		})
	}
}

// TestPlainThingsAreRecorded holds what looks like a secret and is none: these
// bodies must be kept byte for byte.
func TestPlainThingsAreRecorded(t *testing.T) {
	for _, answer := range []string{
		"<R><AllowUsersToChangePassword>true</AllowUsersToChangePassword><MinimumPasswordLength>14</MinimumPasswordLength><PasswordLastUsed>2026-01-01T00:00:00Z</PasswordLastUsed></R>",
		"<R><Marker>IsAPageTokenNotASecret</Marker><IsTruncated>true</IsTruncated></R>",
		"<R><SummaryMap><entry><key>AccountPasswordPresent</key><value>1</value></entry></SummaryMap></R>",
		`{"NextToken":"AAAA","nextToken":"BBBB","SecretList":[{"Name":"db","ARN":"arn:aws:secretsmanager:eu-west-1:111122223333:secret:db"}]}`,
		`{"MasterUserSecret":{"SecretArn":"arn:aws:x","SecretStatus":"active"},"ManageMasterUserPassword":true,"Password":"","n":1.50}`,
		`{"environment":{"type":"LINUX","image":"example:1","computeType":"SMALL","privilegedMode":true}, "url":"https://example.com/a:b@c"}`,
		`{"a": [1, 2.0, "` + "\u00e9\\u00e9" + `", null], "a": "twice"}`,
		`<R xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><PolicyDocument>%7B%22Version%22%3A%222012-10-17%22%7D</PolicyDocument></R>`,
	} {
		recording, _ := recordCall(t, call{service: "X", answer: answer}, &evidence.Recorder{Account: place.Account})
		if got := recording.Exchanges[0]; got.Answer.Text != answer || len(got.Redactions) != 0 {
			t.Errorf("%s\nwas kept as\n%s\n%v", answer, got.Answer.Text, got.Redactions)
		}
	}
}

// TestNoSecretOfAScan looks for the credentials in the recording of a whole scan
// and of a write, in every form in which they could stand there.
func TestNoSecretOfAScan(t *testing.T) {
	server := serve(t, account())
	recorder := &evidence.Recorder{Account: place.Account, Now: clock}
	cfg := recorder.Config(server.config())
	scan(t, cfg)
	if _, err := iam.Client(cfg, place).UpdateLoginProfile(t.Context(), &sdk.UpdateLoginProfileInput{UserName: aws.String("bob"), Password: aws.String(canary)}); err == nil {
		t.Fatal("the server knows UpdateLoginProfile: look at its answer too")
	}
	_, text := written(t, recorder.Recording())
	for _, r := range server.requests {
		signature := r.Header.Get("Authorization")
		if signature == "" || r.Header.Get("X-Amz-Security-Token") != sessionToken {
			t.Fatal("the request was not signed")
		}
		if bytes.Contains(text, []byte(signature)) || bytes.Contains(text, []byte(signature[strings.LastIndex(signature, "=")+1:])) {
			t.Error("a signature was recorded")
		}
	}
	for _, secret := range []string{secretKey, sessionToken, canary} {
		if bytes.Contains(text, []byte(secret)) || bytes.Contains(text, []byte(base64.StdEncoding.EncodeToString([]byte(secret)))) {
			t.Errorf("%q was recorded", secret)
		}
	}
}

func TestRulesHash(t *testing.T) {
	ids := map[string]bool{}
	for _, r := range evidence.Rules() {
		if r.ID == "" || r.What == "" || ids[r.ID] {
			t.Errorf("%+v", r)
		}
		ids[r.ID] = true
	}
	// A change of the rules is a change of what recordings hold: say so in the changelog.
	if got := evidence.RulesHash()[:16]; got != "48fedb24095cb349" {
		t.Errorf("the rules' hash is %s", got)
	}
}
