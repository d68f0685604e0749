package policy

import "strings"

// GlobalKeysDate is the day on which the table of global condition keys was
// compared with AWS's page.
const GlobalKeysDate = "2026-09-26"

// globalKey returns the entry of a global key; tag keys by their prefix.
func globalKey(name string) (ConditionKey, bool) {
	name = strings.ToLower(name)
	for _, k := range globalKeyList {
		lower := strings.ToLower(k.Name)
		if lower == name || strings.HasSuffix(lower, "/") && strings.HasPrefix(name, lower) && len(name) > len(lower) {
			return k, true
		}
	}
	return ConditionKey{}, false
}

// globalKeyList are the condition keys that do not belong to one service, with
// their types. Action data does not list them.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
var globalKeyList = []ConditionKey{
	{"aws:PrincipalArn", "ARN"},
	{"aws:PrincipalAccount", "String"},
	{"aws:PrincipalType", "String"},
	{"aws:userid", "String"},
	{"aws:PrincipalOrgID", "String"},
	{"aws:PrincipalOrgPaths", "ArrayOfString"},
	{"aws:PrincipalTag/", "String"},
	{"aws:PrincipalIsAWSService", "Bool"},
	{"aws:PrincipalServiceName", "String"},
	{"aws:PrincipalServiceNamesList", "ArrayOfString"},
	{"aws:username", "String"},
	{"aws:FederatedProvider", "String"},
	{"aws:TokenIssueTime", "Date"},
	{"aws:MultiFactorAuthPresent", "Bool"},
	{"aws:MultiFactorAuthAge", "Numeric"},
	{"aws:SourceIdentity", "String"},
	{"aws:AssumedRoot", "Bool"},
	{"aws:Ec2InstanceSourceVpc", "String"},
	{"aws:Ec2InstanceSourcePrivateIPv4", "IPAddress"},
	{"aws:ChatbotSourceArn", "ARN"},
	{"ec2:SourceInstanceArn", "ARN"},
	{"ec2:RoleDelivery", "Numeric"},
	{"lambda:SourceFunctionArn", "ARN"},
	{"ssm:SourceInstanceArn", "ARN"},
	{"glue:RoleAssumedBy", "String"},
	{"glue:CredentialIssuingService", "String"},
	{"identitystore:UserId", "String"},
	{"aws:SourceIp", "IPAddress"},
	{"aws:VpcSourceIp", "IPAddress"},
	{"aws:SourceVpc", "String"},
	{"aws:SourceVpce", "String"},
	{"aws:SourceVpcArn", "ARN"},
	{"aws:VpceAccount", "String"},
	{"aws:VpceOrgID", "String"},
	{"aws:VpceOrgPaths", "ArrayOfString"},
	{"aws:CalledVia", "ArrayOfString"},
	{"aws:CalledViaFirst", "String"},
	{"aws:CalledViaLast", "String"},
	{"aws:ViaAWSService", "Bool"},
	{"aws:ViaAWSMCPService", "Bool"},
	{"aws:IsMcpServiceAction", "Bool"},
	{"aws:CalledViaAWSMCP", "String"},
	{"aws:SourceArn", "ARN"},
	{"aws:SourceAccount", "String"},
	{"aws:SourceOrgID", "String"},
	{"aws:SourceOrgPaths", "ArrayOfString"},
	{"aws:SourceOwner", "String"},
	{"aws:ResourceAccount", "String"},
	{"aws:ResourceOrgID", "String"},
	{"aws:ResourceOrgPaths", "ArrayOfString"},
	{"aws:ResourceTag/", "String"},
	{"aws:RequestTag/", "String"},
	{"aws:TagKeys", "ArrayOfString"},
	{"aws:CurrentTime", "Date"},
	{"aws:EpochTime", "Date"},
	{"aws:RequestedRegion", "String"},
	{"aws:UserAgent", "String"},
	{"aws:SecureTransport", "Bool"},
	{"aws:referer", "String"},
}

// callerControlled reports whether the caller alone decides the value of a
// key, so that a condition on it keeps nobody out.
func callerControlled(name string) bool {
	name = strings.ToLower(name)
	return name == "aws:useragent" || name == "aws:referer" || name == "aws:tagkeys" || strings.HasPrefix(name, "aws:requesttag/")
}
