// Package support reads Trusted Advisor through the AWS Support API, and refreshes
// its checks.
//
// What a check says of a resource comes by position there, and is given the names
// of the check's headers, which are read with it. The API does not know the ARNs
// of rows, so that exclusions can be seen and not changed, nor priority
// recommendations: package advisor/trustedadvisor has both. It has one endpoint
// per partition, which the SDK knows.
package support
