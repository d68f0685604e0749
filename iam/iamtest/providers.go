package iamtest

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// ListSAMLProviders lists the SAML providers.
func (f *IAM) ListSAMLProviders(ctx context.Context, in *sdk.ListSAMLProvidersInput, _ ...func(*sdk.Options)) (*sdk.ListSAMLProvidersOutput, error) {
	return read(ctx, f, "ListSAMLProviders", in, func(s *State) (*sdk.ListSAMLProvidersOutput, error) {
		out := &sdk.ListSAMLProvidersOutput{}
		for _, name := range sorted(s.SAML) {
			out.SAMLProviderList = append(out.SAMLProviderList, types.SAMLProviderListEntry{Arn: aws.String(f.ARN("saml-provider/" + name)), ValidUntil: ptr(s.SAML[name])})
		}
		return out, nil
	})
}

// ListOpenIDConnectProviders lists the ARNs of the OpenID Connect providers.
func (f *IAM) ListOpenIDConnectProviders(ctx context.Context, in *sdk.ListOpenIDConnectProvidersInput, _ ...func(*sdk.Options)) (*sdk.ListOpenIDConnectProvidersOutput, error) {
	return read(ctx, f, "ListOpenIDConnectProviders", in, func(s *State) (*sdk.ListOpenIDConnectProvidersOutput, error) {
		out := &sdk.ListOpenIDConnectProvidersOutput{}
		for _, url := range sorted(s.OIDC) {
			out.OpenIDConnectProviderList = append(out.OpenIDConnectProviderList, types.OpenIDConnectProviderListEntry{Arn: aws.String(f.ARN("oidc-provider/" + url))})
		}
		return out, nil
	})
}

func oidcURL(arn *string) string {
	_, url, _ := strings.Cut(aws.ToString(arn), ":oidc-provider/")
	return url
}

// GetOpenIDConnectProvider gives a provider's URL and audiences.
func (f *IAM) GetOpenIDConnectProvider(ctx context.Context, in *sdk.GetOpenIDConnectProviderInput, _ ...func(*sdk.Options)) (*sdk.GetOpenIDConnectProviderOutput, error) {
	return read(ctx, f, "GetOpenIDConnectProvider", in, func(s *State) (*sdk.GetOpenIDConnectProviderOutput, error) {
		url := oidcURL(in.OpenIDConnectProviderArn)
		audiences, ok := s.OIDC[url]
		if !ok {
			return nil, missing("OpenID Connect provider", url)
		}
		return &sdk.GetOpenIDConnectProviderOutput{Url: &url, ClientIDList: slices.Clone(audiences)}, nil
	})
}

// AddClientIDToOpenIDConnectProvider adds an audience; one that is there stays.
func (f *IAM) AddClientIDToOpenIDConnectProvider(ctx context.Context, in *sdk.AddClientIDToOpenIDConnectProviderInput, _ ...func(*sdk.Options)) (*sdk.AddClientIDToOpenIDConnectProviderOutput, error) {
	return write(ctx, f, "AddClientIDToOpenIDConnectProvider", in, func(s *State) (*sdk.AddClientIDToOpenIDConnectProviderOutput, error) {
		url := oidcURL(in.OpenIDConnectProviderArn)
		audiences, ok := s.OIDC[url]
		if !ok {
			return nil, missing("OpenID Connect provider", url)
		}
		if !slices.Contains(audiences, *in.ClientID) {
			s.OIDC[url] = append(audiences, *in.ClientID)
		}
		return &sdk.AddClientIDToOpenIDConnectProviderOutput{}, nil
	})
}

// RemoveClientIDFromOpenIDConnectProvider removes an audience; one that is not there is no error.
func (f *IAM) RemoveClientIDFromOpenIDConnectProvider(ctx context.Context, in *sdk.RemoveClientIDFromOpenIDConnectProviderInput, _ ...func(*sdk.Options)) (*sdk.RemoveClientIDFromOpenIDConnectProviderOutput, error) {
	return write(ctx, f, "RemoveClientIDFromOpenIDConnectProvider", in, func(s *State) (*sdk.RemoveClientIDFromOpenIDConnectProviderOutput, error) {
		url := oidcURL(in.OpenIDConnectProviderArn)
		audiences, ok := s.OIDC[url]
		if !ok {
			return nil, missing("OpenID Connect provider", url)
		}
		s.OIDC[url] = slices.DeleteFunc(slices.Clone(audiences), func(a string) bool { return a == *in.ClientID })
		return &sdk.RemoveClientIDFromOpenIDConnectProviderOutput{}, nil
	})
}

// ListServerCertificates lists the TLS certificates kept in IAM.
func (f *IAM) ListServerCertificates(ctx context.Context, in *sdk.ListServerCertificatesInput, _ ...func(*sdk.Options)) (*sdk.ListServerCertificatesOutput, error) {
	return read(ctx, f, "ListServerCertificates", in, func(s *State) (*sdk.ListServerCertificatesOutput, error) {
		cut, more, next, err := page(f, sorted(s.Certificates), in.Marker, in.MaxItems)
		out := &sdk.ListServerCertificatesOutput{IsTruncated: more, Marker: next}
		for _, name := range cut {
			out.ServerCertificateMetadataList = append(out.ServerCertificateMetadataList, types.ServerCertificateMetadata{
				ServerCertificateName: aws.String(name), ServerCertificateId: aws.String("ASCA" + name), Arn: aws.String(f.ARN("server-certificate/" + name)), Path: aws.String("/"), Expiration: ptr(s.Certificates[name]),
			})
		}
		return out, err
	})
}

// DeleteServerCertificate deletes a certificate with its private key.
func (f *IAM) DeleteServerCertificate(ctx context.Context, in *sdk.DeleteServerCertificateInput, _ ...func(*sdk.Options)) (*sdk.DeleteServerCertificateOutput, error) {
	return write(ctx, f, "DeleteServerCertificate", in, func(s *State) (*sdk.DeleteServerCertificateOutput, error) {
		name := aws.ToString(in.ServerCertificateName)
		if _, ok := s.Certificates[name]; !ok {
			return nil, missing("server certificate", name)
		}
		delete(s.Certificates, name)
		return &sdk.DeleteServerCertificateOutput{}, nil
	})
}
