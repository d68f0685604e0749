package report

import (
	"strings"
	"sync"
)

// asffTypes are the resource types that ASFF knows, as of 2026-09. See
// "Resources" in the AWS Security Hub User Guide's pages on the format.
const asffTypes = `
AwsAccount AwsAmazonMqBroker AwsApiGatewayRestApi AwsApiGatewayStage AwsApiGatewayV2Api AwsApiGatewayV2Stage AwsAppSyncGraphQlApi AwsAthenaWorkGroup
AwsAutoScalingAutoScalingGroup AwsAutoScalingLaunchConfiguration AwsBackupBackupPlan AwsBackupBackupVault AwsBackupRecoveryPoint
AwsCertificateManagerCertificate AwsCloudFormationStack AwsCloudFrontDistribution AwsCloudTrailTrail AwsCloudWatchAlarm AwsCodeBuildProject
AwsDmsEndpoint AwsDmsReplicationInstance AwsDmsReplicationTask AwsDynamoDbTable AwsEc2ClientVpnEndpoint AwsEc2Eip AwsEc2Instance AwsEc2LaunchTemplate
AwsEc2NetworkAcl AwsEc2NetworkInterface AwsEc2RouteTable AwsEc2SecurityGroup AwsEc2Subnet AwsEc2TransitGateway AwsEc2Volume AwsEc2Vpc
AwsEc2VpcEndpointService AwsEc2VpcPeeringConnection AwsEc2VpnConnection AwsEcrContainerImage AwsEcrRepository AwsEcsCluster AwsEcsContainer
AwsEcsService AwsEcsTask AwsEcsTaskDefinition AwsEfsAccessPoint AwsEksCluster AwsElasticBeanstalkEnvironment AwsElasticsearchDomain AwsElbLoadBalancer
AwsElbv2LoadBalancer AwsEventSchemasRegistry AwsEventsEndpoint AwsEventsEventbus AwsGuardDutyDetector AwsIamAccessKey AwsIamGroup AwsIamPolicy
AwsIamRole AwsIamUser AwsKinesisStream AwsKmsKey AwsLambdaFunction AwsLambdaLayerVersion AwsMskCluster AwsNetworkFirewallFirewall
AwsNetworkFirewallFirewallPolicy AwsNetworkFirewallRuleGroup AwsOpenSearchServiceDomain AwsRdsDbCluster AwsRdsDbClusterSnapshot AwsRdsDbInstance
AwsRdsDbSecurityGroup AwsRdsDbSnapshot AwsRdsEventSubscription AwsRedshiftCluster AwsRoute53HostedZone AwsS3AccessPoint AwsS3AccountPublicAccessBlock
AwsS3Bucket AwsS3Object AwsSageMakerNotebookInstance AwsSecretsManagerSecret AwsSnsTopic AwsSqsQueue AwsSsmPatchCompliance AwsStepFunctionStateMachine
AwsWafRateBasedRule AwsWafRegionalRateBasedRule AwsWafRegionalRule AwsWafRegionalRuleGroup AwsWafRegionalWebAcl AwsWafRule AwsWafRuleGroup
AwsWafWebAcl AwsWafv2RuleGroup AwsWafv2WebAcl AwsXrayEncryptionConfig`

// asffByType finds ASFF's type by the CloudFormation type name without its
// colons, in small letters: they differ in case ("AwsEc2Vpc", "AWS::EC2::VPC")
// and in the names below.
var asffByType = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for _, t := range strings.Fields(asffTypes) {
		m[strings.ToLower(t)] = t
	}
	for cloudFormation, t := range map[string]string{
		"awselasticloadbalancingv2loadbalancer": "AwsElbv2LoadBalancer",
		"awselasticloadbalancingloadbalancer":   "AwsElbLoadBalancer",
		"awsstepfunctionsstatemachine":          "AwsStepFunctionStateMachine",
		"awsiammanagedpolicy":                   "AwsIamPolicy",
	} {
		m[cloudFormation] = t
	}
	return m
})

// asffType turns "AWS::S3::Bucket" into "AwsS3Bucket", and what ASFF does not
// know into "Other".
func asffType(cloudFormation string) string {
	if t, ok := asffByType()[strings.ToLower(strings.ReplaceAll(cloudFormation, ":", ""))]; ok {
		return t
	}
	return "Other"
}
