package iam

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/internal/gate"
	"github.com/awsposture/posture/internal/paging"
)

// pages reads an IAM listing to its end. IAM says with IsTruncated whether the
// marker counts; a page that is cut without one has lost the rest.
func pages[T any](ctx context.Context, read func(ctx context.Context, marker *string) (items []T, truncated bool, next *string, err error)) ([]T, error) {
	return paging.All(ctx, func(ctx context.Context, marker *string) (paging.Page[T], error) {
		items, truncated, next, err := read(ctx, marker)
		page := paging.Page[T]{Items: items}
		if err == nil && truncated {
			if page.Next = next; aws.ToString(next) == "" {
				err = &posture.Cause{Kind: posture.CauseTruncated, Message: "IAM cut the listing and gave no marker for the rest"}
			}
		}
		return page, err
	})
}

// VirtualMFADevice is a virtual MFA device that is assigned to somebody.
type VirtualMFADevice struct {
	Serial string
	User   string // ARN of the user it is assigned to
}

// VirtualMFADevices lists the assigned virtual MFA devices, the root user's too.
func (a *Account) VirtualMFADevices(ctx context.Context) ([]VirtualMFADevice, error) {
	return a.virtualMFA.Get(ctx, func(ctx context.Context) ([]VirtualMFADevice, error) {
		return pages(ctx, func(ctx context.Context, marker *string) ([]VirtualMFADevice, bool, *string, error) {
			out, err := a.api.ListVirtualMFADevices(ctx, &iam.ListVirtualMFADevicesInput{AssignmentStatus: types.AssignmentStatusTypeAssigned, MaxItems: aws.Int32(pageSize), Marker: marker})
			if err != nil {
				return nil, false, nil, err
			}
			var devices []VirtualMFADevice
			for _, d := range out.VirtualMFADevices {
				device := VirtualMFADevice{Serial: aws.ToString(d.SerialNumber)}
				if d.User != nil {
					device.User = aws.ToString(d.User.Arn)
				}
				devices = append(devices, device)
			}
			return devices, out.IsTruncated, out.Marker, nil
		})
	})
}

// ServerCertificate is a TLS certificate kept in IAM.
type ServerCertificate struct {
	Name, ID, ARN string
	Expires       time.Time
}

// ServerCertificates lists the certificates kept in IAM.
func (a *Account) ServerCertificates(ctx context.Context) ([]ServerCertificate, error) {
	return a.certificates.Get(ctx, func(ctx context.Context) ([]ServerCertificate, error) { return listCertificates(ctx, a.api) })
}

func listCertificates(ctx context.Context, api iam.ListServerCertificatesAPIClient) ([]ServerCertificate, error) {
	return pages(ctx, func(ctx context.Context, marker *string) ([]ServerCertificate, bool, *string, error) {
		out, err := api.ListServerCertificates(ctx, &iam.ListServerCertificatesInput{MaxItems: aws.Int32(pageSize), Marker: marker})
		if err != nil {
			return nil, false, nil, err
		}
		var list []ServerCertificate
		for _, c := range out.ServerCertificateMetadataList {
			list = append(list, ServerCertificate{aws.ToString(c.ServerCertificateName), aws.ToString(c.ServerCertificateId), aws.ToString(c.Arn), aws.ToTime(c.Expiration)})
		}
		return list, out.IsTruncated, out.Marker, nil
	})
}

// ServiceCredential is a credential for one service that stands beside access
// keys: for CodeCommit, Keyspaces, or an API key for Bedrock or CloudWatch.
type ServiceCredential struct {
	User, ID, Service string
	Active            bool
	Created           time.Time
	Expires           time.Time // zero: never
}

// ServiceCredentials lists every user's service-specific credentials.
func (a *Account) ServiceCredentials(ctx context.Context) ([]ServiceCredential, error) {
	return a.credentials.Get(ctx, func(ctx context.Context) ([]ServiceCredential, error) {
		return pages(ctx, func(ctx context.Context, marker *string) ([]ServiceCredential, bool, *string, error) {
			out, err := a.api.ListServiceSpecificCredentials(ctx, &iam.ListServiceSpecificCredentialsInput{AllUsers: aws.Bool(true), MaxItems: aws.Int32(pageSize), Marker: marker})
			if err != nil {
				return nil, false, nil, err
			}
			var list []ServiceCredential
			for _, c := range out.ServiceSpecificCredentials {
				list = append(list, ServiceCredential{
					aws.ToString(c.UserName), aws.ToString(c.ServiceSpecificCredentialId), aws.ToString(c.ServiceName),
					c.Status == types.StatusTypeActive, aws.ToTime(c.CreateDate), aws.ToTime(c.ExpirationDate),
				})
			}
			return list, out.IsTruncated, out.Marker, nil
		})
	})
}

// SAMLProvider is a SAML identity provider.
type SAMLProvider struct {
	ARN        string
	ValidUntil time.Time // of its metadata
}

// SAMLProviders lists the SAML identity providers.
func (a *Account) SAMLProviders(ctx context.Context) ([]SAMLProvider, error) {
	return a.saml.Get(ctx, func(ctx context.Context) ([]SAMLProvider, error) {
		out, err := a.api.ListSAMLProviders(ctx, &iam.ListSAMLProvidersInput{})
		if err != nil {
			return nil, err
		}
		var list []SAMLProvider
		for _, p := range out.SAMLProviderList {
			list = append(list, SAMLProvider{aws.ToString(p.Arn), aws.ToTime(p.ValidUntil)})
		}
		return list, nil
	})
}

// OIDCProvider is an OpenID Connect identity provider.
type OIDCProvider struct {
	ARN, URL  string   // URL without scheme, as it stands in condition keys
	Audiences []string // client ids
}

// OIDCProviders reads the OpenID Connect identity providers. One that cannot
// be read is named in the error beside the others.
func (a *Account) OIDCProviders(ctx context.Context) ([]OIDCProvider, error) {
	return a.oidc.Get(ctx, func(ctx context.Context) ([]OIDCProvider, error) {
		out, err := a.api.ListOpenIDConnectProviders(ctx, &iam.ListOpenIDConnectProvidersInput{})
		if err != nil {
			return nil, err
		}
		var (
			list   []OIDCProvider
			broken []error
		)
		for _, entry := range out.OpenIDConnectProviderList {
			arn := aws.ToString(entry.Arn)
			p, err := gate.Do(ctx, &a.gate, func(ctx context.Context) (OIDCProvider, error) { return getOIDC(ctx, a.api, arn) })
			if err != nil {
				broken = append(broken, fmt.Errorf("%s: %w", arn, err))
				continue
			}
			list = append(list, p)
		}
		return list, errors.Join(broken...)
	})
}

func getOIDC(ctx context.Context, api Reader, arn string) (OIDCProvider, error) {
	out, err := api.GetOpenIDConnectProvider(ctx, &iam.GetOpenIDConnectProviderInput{OpenIDConnectProviderArn: &arn})
	if err != nil {
		return OIDCProvider{}, err
	}
	return OIDCProvider{ARN: arn, URL: aws.ToString(out.Url), Audiences: out.ClientIDList}, nil
}
