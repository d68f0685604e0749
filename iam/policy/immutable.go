package policy

import "strings"

// Actions that change what a role, a policy, a key or an alias may do.
var (
	roleWrites   = []string{"attachrolepolicy", "detachrolepolicy", "putrolepolicy", "deleterolepolicy", "updateassumerolepolicy", "putrolepermissionsboundary", "deleterolepermissionsboundary", "deleterole"}
	policyWrites = []string{"createpolicyversion", "deletepolicyversion", "setdefaultpolicyversion", "deletepolicy", "tagpolicy", "untagpolicy"}
	keyWrites    = []string{"putkeypolicy", "disablekey", "schedulekeydeletion", "disablekeyrotation", "enablekeyrotation", "updatekeydescription", "tagresource", "untagresource"}
	aliasWrites  = []string{"createalias", "updatealias", "deletealias"}
)

// immutable says whether the request would change what no customer can
// change: a service-linked role, a policy that AWS manages, a key that AWS
// manages, or an alias of the name space alias/aws. AWS refuses whatever
// policies say.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html
func (ev *evaluation) immutable() bool {
	part := ev.resourcePart
	switch string(ev.service()) {
	case "iam":
		if isServiceLinkedRole(part) {
			return has(roleWrites, string(ev.name()))
		}
		return strings.HasPrefix(part, "policy/") && ev.awsOwned && has(policyWrites, string(ev.name()))
	case "kms":
		if strings.HasPrefix(part, "alias/aws/") {
			return has(aliasWrites, string(ev.name()))
		}
		return ev.r.AWSManagedKey && has(keyWrites, string(ev.name()))
	}
	return false
}
