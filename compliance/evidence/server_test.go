package evidence_test

import (
	"context"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"hash/crc32"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam"
	"github.com/awsposture/posture/iam/iamtest"
)

var (
	place = posture.Place{Partition: "aws", Account: "111122223333"}
	now   = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
)

func clock() time.Time { return now }

func daysAgo(n int) time.Time { return now.AddDate(0, 0, -n) }

// account is a fake IAM with something for every part of the view.
func account() *iamtest.IAM {
	f := iamtest.New(place)
	f.Now, f.PageSize = clock, 2
	document := func(action string) string {
		return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"` + action + `","Resource":"*"}]}`
	}
	f.Edit(func(s *iamtest.State) {
		s.Root = iamtest.Root{MFA: true, PasswordUsed: daysAgo(3)}
		s.PasswordPolicy = &iamtest.PasswordPolicy{MinLength: 14, Remembered: 5, Symbols: true}
		for i, name := range []string{"ana", "bob", "carla", "dan & co", "eve"} {
			s.Users[name] = &iamtest.User{
				Created: daysAgo(300 + i), Tags: map[string]string{"owner": name + "@example.com"}, Groups: []string{"staff"},
				Keys: []*iamtest.Key{{ID: fmt.Sprintf("AKIAEXAMPLE%09d", i), Created: daysAgo(40 * i), Used: daysAgo(i)}},
			}
		}
		s.Users["bob"].Password = &iamtest.Password{Created: daysAgo(200), Used: daysAgo(100)}
		s.Users["eve"].Inline = map[string]string{"all": document("*")}
		s.Groups["staff"] = &iamtest.Group{Attached: []string{"arn:aws:iam::aws:policy/ReadOnlyAccess"}}
		s.Policies["everything"] = &iamtest.Policy{Created: daysAgo(9), Document: document("*")}
		s.Roles["vendor"] = &iamtest.Role{Created: daysAgo(90), Trust: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:root"},"Action":"sts:AssumeRole"}]}`}
		s.Certificates["web"] = daysAgo(1)
		s.SAML["idp"] = now.AddDate(1, 0, 0)
		s.OIDC["token.example.com"] = []string{"sts.amazonaws.com"}
	})
	return f
}

// queryServer puts a fake behind the AWS Query protocol over HTTP, so that the
// real client's serializers, transport, retries and deserializers are all in
// the test. See "Making query requests" in the IAM User Guide.
type queryServer struct {
	fake any
	URL  string

	mu       sync.Mutex
	requests []*http.Request
}

func serve(t testing.TB, fake any) *queryServer {
	t.Helper()
	s := &queryServer{fake: fake}
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	s.URL = h.URL
	return s
}

const (
	secretKey    = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	sessionToken = "IQoJb3JpZ2luX2VjEXAMPLESESSIONTOKENcanary0123456789"
)

// config is an aws.Config for the server, with credentials whose secrets must
// not be recorded.
func (s *queryServer) config() aws.Config {
	return aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String(s.URL),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: secretKey, SessionToken: sessionToken}, nil
		}),
	}
}

func (s *queryServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.requests = append(s.requests, r)
	s.mu.Unlock()
	if err := r.ParseForm(); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	// The same request gets the same answer, so that recordings can be compared.
	id := fmt.Sprintf("00000000-0000-4000-8000-%012d", crc32.ChecksumIEEE([]byte(r.PostForm.Encode())))
	for k, v := range map[string]string{"Content-Type": "text/xml", "X-Amzn-Requestid": id, "Date": now.Format(http.TimeFormat)} {
		w.Header().Set(k, v)
	}
	action := r.PostForm.Get("Action")
	method := reflect.ValueOf(s.fake).MethodByName(action)
	if !method.IsValid() {
		http.Error(w, "no such action", http.StatusNotFound)
		return
	}
	in := reflect.New(method.Type().In(1).Elem())
	fill(in.Elem(), r.PostForm, "")
	got := method.Call([]reflect.Value{reflect.ValueOf(r.Context()), in})
	if err, _ := got[1].Interface().(error); err != nil {
		code, message, status := "InternalFailure", err.Error(), http.StatusInternalServerError
		if api, ok := errors.AsType[smithy.APIError](err); ok {
			code, message, status = api.ErrorCode(), api.ErrorMessage(), http.StatusBadRequest
		}
		w.WriteHeader(status)
		fmt.Fprintf(w, "<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error><RequestId>%s</RequestId></ErrorResponse>", code, escaped(message), id)
		return
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<%sResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><%sResult>`, action, action)
	write(&b, got[0].Elem())
	fmt.Fprintf(&b, "</%sResult><ResponseMetadata><RequestId>%s</RequestId></ResponseMetadata></%sResponse>", action, id, action)
	_, _ = w.Write([]byte(b.String()))
}

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}

// fill reads an input out of a form.
func fill(v reflect.Value, form url.Values, prefix string) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Name != "ResultMetadata" {
				fill(v.Field(i), form, prefix+"."+f.Name)
			}
		}
	case reflect.Slice:
		for n := 1; form.Has(strings.TrimPrefix(fmt.Sprintf("%s.member.%d", prefix, n), ".")); n++ {
			item := reflect.New(v.Type().Elem()).Elem()
			fill(item, form, fmt.Sprintf("%s.member.%d", prefix, n))
			v.Set(reflect.Append(v, item))
		}
	case reflect.Pointer:
		if form.Has(strings.TrimPrefix(prefix, ".")) {
			v.Set(reflect.New(v.Type().Elem()))
			fill(v.Elem(), form, prefix)
		}
	default:
		switch text := form.Get(strings.TrimPrefix(prefix, ".")); v.Kind() {
		case reflect.String:
			v.SetString(text)
		case reflect.Bool:
			v.SetBool(text == "true")
		case reflect.Int32, reflect.Int64:
			n, _ := strconv.ParseInt(text, 10, 64)
			v.SetInt(n)
		}
	}
}

// write writes an output as IAM does: a list's items are "member", a map's "entry".
func write(b *strings.Builder, v reflect.Value) {
	if at, ok := v.Interface().(time.Time); ok {
		b.WriteString(at.UTC().Format("2006-01-02T15:04:05Z"))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if !f.IsExported() || f.Name == "ResultMetadata" || v.Field(i).IsZero() {
				continue
			}
			b.WriteString("<" + f.Name + ">")
			write(b, v.Field(i))
			b.WriteString("</" + f.Name + ">")
		}
	case reflect.Slice:
		if blob, ok := v.Interface().([]byte); ok {
			b.WriteString(base64.StdEncoding.EncodeToString(blob))
			return
		}
		for i := range v.Len() {
			b.WriteString("<member>")
			write(b, v.Index(i))
			b.WriteString("</member>")
		}
	case reflect.Map:
		keys := v.MapKeys()
		slices.SortFunc(keys, func(x, y reflect.Value) int { return strings.Compare(x.String(), y.String()) })
		for _, k := range keys {
			b.WriteString("<entry><key>" + escaped(k.String()) + "</key><value>")
			write(b, v.MapIndex(k))
			b.WriteString("</value></entry>")
		}
	case reflect.Pointer:
		write(b, v.Elem())
	default:
		b.WriteString(escaped(fmt.Sprint(v.Interface())))
	}
}

// scan judges the account that cfg reaches.
func scan(t testing.TB, cfg aws.Config) []posture.Result {
	t.Helper()
	a := iam.FromConfig(cfg, place)
	a.Now = clock
	var results []posture.Result
	for r := range posture.Scan(t.Context(), iam.Evaluators(a), nil) {
		results = append(results, r)
	}
	return results
}
