package awsfake_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/smithy-go"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/awsfake"
)

// users is a fake of two of IAM's operations.
type users struct {
	awsfake.Faults
	names []string
}

func (u *users) op(name string) awsfake.Op {
	return awsfake.Op{Service: "IAM", Name: name, Prefix: "iam", Denied: "AccessDenied"}
}

func (u *users) ListUsers(ctx context.Context, in *iam.ListUsersInput, _ ...func(*iam.Options)) (*iam.ListUsersOutput, error) {
	return awsfake.Do(ctx, &u.Faults, u.op("ListUsers"), in, func() (*iam.ListUsersOutput, error) {
		page, next, err := awsfake.Page(&u.Faults, u.names, in.Marker, in.MaxItems, 100)
		out := &iam.ListUsersOutput{Marker: next, IsTruncated: next != nil}
		for _, n := range page {
			out.Users = append(out.Users, types.User{UserName: &n})
		}
		return out, err
	})
}

func (u *users) GetUserPolicy(ctx context.Context, in *iam.GetUserPolicyInput, _ ...func(*iam.Options)) (*iam.GetUserPolicyOutput, error) {
	return awsfake.Do(ctx, &u.Faults, u.op("GetUserPolicy"), in, func() (*iam.GetUserPolicyOutput, error) {
		return nil, &types.NoSuchEntityException{Message: aws.String("There is no such policy.")}
	})
}

func TestServe(t *testing.T) {
	ctx, fake := t.Context(), &users{names: []string{"ana", "ben", "cem"}}
	fake.PageSize = 2
	client := iam.NewFromConfig(awsfake.Services{"IAM": fake}.Config("eu-west-1"))

	var names []string
	for p := iam.NewListUsersPaginator(client, &iam.ListUsersInput{}); p.HasMorePages(); {
		page, err := p.NextPage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range page.Users {
			names = append(names, *u.UserName)
		}
	}
	if got := strings.Join(names, " "); got != "ana ben cem" || len(fake.Calls()) != 2 {
		t.Errorf("%s, in %d calls", got, len(fake.Calls()))
	}

	// The SDK refuses before the fake is asked.
	fake.Forget()
	_, err := client.GetUserPolicy(ctx, &iam.GetUserPolicyInput{})
	if invalid, ok := errors.AsType[smithy.InvalidParamsError](err); !ok || invalid.Len() != 2 || len(fake.Calls()) != 0 {
		t.Errorf("required members are missing: %v, %d calls", err, len(fake.Calls()))
	}

	in := &iam.GetUserPolicyInput{UserName: aws.String("ana"), PolicyName: aws.String("p")}
	_, err = client.GetUserPolicy(ctx, in)
	if _, ok := errors.AsType[*types.NoSuchEntityException](err); !ok || strings.Count(err.Error(), "operation error") != 1 {
		t.Errorf("the service's own error: %v", err)
	}
	fake.Deny("GetUserPolicy")
	_, err = client.GetUserPolicy(ctx, in)
	if c := posture.CauseOf(err); c == nil || c.Kind != posture.CauseDenied || c.Operation != "IAM:GetUserPolicy" || c.Action != "iam:GetUserPolicy" || strings.Count(err.Error(), "operation error") != 1 {
		t.Errorf("denied: %v, %+v", err, c)
	}

	// What the fake does not have, and what has no fake, does not reach AWS.
	if _, err := client.ListRoles(ctx, &iam.ListRolesInput{}); err == nil || !strings.Contains(err.Error(), "*awsfake_test.users does not have ListRoles") {
		t.Errorf("an operation that the fake lacks: %v", err)
	}
	nobody := iam.NewFromConfig(awsfake.Services{"S3": fake}.Config("eu-west-1"))
	if _, err := nobody.ListUsers(ctx, &iam.ListUsersInput{}); err == nil || !strings.Contains(err.Error(), `no fake for IAM in "eu-west-1"`) {
		t.Errorf("a service without a fake: %v", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://iam.amazonaws.com", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (awsfake.Services{}).Config("eu-west-1").HTTPClient.Do(request); err == nil || !strings.Contains(err.Error(), "was about to leave the process") {
		t.Errorf("a request: %v", err)
	}
}

// A fake of one region goes before the fake of all.
func TestServeByRegion(t *testing.T) {
	services := awsfake.Services{"IAM": &users{names: []string{"everywhere"}}, "IAM/eu-west-1": &users{names: []string{"ireland"}}}
	for region, want := range map[string]string{"eu-west-1": "ireland", "us-east-1": "everywhere"} {
		out, err := iam.NewFromConfig(services.Config(region)).ListUsers(t.Context(), &iam.ListUsersInput{})
		if err != nil || *out.Users[0].UserName != want {
			t.Errorf("%s: %v, %v", region, out, err)
		}
	}
}

// Several accounts stand behind one configuration: the key that a call is signed
// with says whose fakes it asks, and whether it is let in.
func TestServeByCaller(t *testing.T) {
	expired := &smithy.GenericAPIError{Code: "ExpiredToken", Message: "The security token included in the request is expired"}
	cfg := awsfake.Serve("eu-west-1", func(key string) (awsfake.Services, error) {
		if strings.HasPrefix(key, "ASIA") {
			return nil, expired
		}
		return awsfake.Services{"IAM": &users{names: []string{key}}}, nil
	})
	for _, key := range []string{"AKIAIOSFODNN7EXAMPLE", "AKIAI44QH8DHBEXAMPLE"} { // the first is the configuration's own
		out, err := iam.NewFromConfig(cfg).ListUsers(t.Context(), &iam.ListUsersInput{})
		if err != nil || *out.Users[0].UserName != key {
			t.Errorf("signed with %q: %v, %v", key, out, err)
		}
		cfg.Credentials = signingWith("AKIAI44QH8DHBEXAMPLE")
	}
	cfg.Credentials = signingWith("ASIAIOSFODNN7EXAMPLE")
	_, err := iam.NewFromConfig(cfg).ListUsers(t.Context(), &iam.ListUsersInput{})
	if c := posture.CauseOf(err); c == nil || c.Kind != posture.CauseCredentials || c.Operation != "IAM:ListUsers" {
		t.Errorf("an expired session: %v", err)
	}
}

func signingWith(key string) aws.CredentialsProvider {
	return aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: key, SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}, nil
	})
}

// A denial names the account that was asked.
func TestDenialNamesTheAccount(t *testing.T) {
	for account, want := range map[string]string{"": "123456789012", "444455556666": "444455556666"} {
		var f awsfake.Faults
		f.Deny("GetLamp")
		_, err := awsfake.Do(t.Context(), &f, awsfake.Op{Service: "Lamp", Name: "GetLamp", Prefix: "lamp", Denied: "AccessDenied", Account: account}, nil, func() (any, error) { return nil, nil })
		if err == nil || !strings.Contains(err.Error(), "arn:aws:iam::"+want+":user/") {
			t.Errorf("account %q: %v", account, err)
		}
	}
}
