// Package trustedadvisor reads Trusted Advisor through its own API, and changes
// what that lets be changed: which resources are excluded from a check, and how
// far the account is with a priority recommendation. Checks are refreshed by
// package advisor/support: this API does not do that.
package trustedadvisor
