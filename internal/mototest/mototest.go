//go:build moto

// Package mototest gives tests an account of their own on the moto emulator,
// whose address stands in POSTURE_MOTO. The emulator proves call shapes, not
// effects.
package mototest

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Config gives a configuration for an account that nobody used before, and its
// id: each account is an empty AWS of its own. A test without an emulator fails,
// it does not skip.
func Config(t *testing.T, region string) (cfg aws.Config, account string) {
	t.Helper()
	url := os.Getenv("POSTURE_MOTO")
	if url == "" {
		t.Fatal("POSTURE_MOTO does not name a running moto server")
	}
	account = fmt.Sprintf("%012d", time.Now().UnixMicro()%1e12)
	return aws.Config{
		Region: region, BaseEndpoint: &url,
		// The emulator answers what it does not have with status 500: not worth a retry.
		Retryer: func() aws.Retryer { return aws.NopRetryer{} },
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}, nil
		}),
		APIOptions: []func(*middleware.Stack) error{smithyhttp.AddHeaderValue("x-moto-account-id", account)},
	}, account
}
