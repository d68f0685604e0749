package iam

import "context"

// The facts are asked for once, as everything that the view reads.

func (a *Account) memberAccounts(ctx context.Context) ([]string, error) {
	return a.members.Get(ctx, func(ctx context.Context) ([]string, error) { return a.Members.Get(ctx, "iam.Account.Members") })
}

func (a *Account) organizationID(ctx context.Context) (string, error) {
	return a.organization.Get(ctx, func(ctx context.Context) (string, error) { return a.Organization.Get(ctx, "iam.Account.Organization") })
}

func (a *Account) securityContact(ctx context.Context) (*Contact, error) {
	return a.contact.Get(ctx, func(ctx context.Context) (*Contact, error) {
		return a.SecurityContact.Get(ctx, "iam.Account.SecurityContact")
	})
}

func (a *Account) analyzersByRegion(ctx context.Context) (map[string][]Analyzer, error) {
	return a.analyzerLists.Get(ctx, func(ctx context.Context) (map[string][]Analyzer, error) {
		return a.Analyzers.Get(ctx, "iam.Account.Analyzers")
	})
}
