package detections

import (
	"path"
	"slices"
	"strings"

	"github.com/awsposture/posture/detective/trail"
	"github.com/awsposture/posture/detective/trail/rule"
)

// escalating are the sets of actions with which a principal makes itself
// administrator, when it may use all of one set on every resource. What depends
// on the resource alone, such as code in a bucket or who a role trusts, is not
// among them.
const escalating = `
iam:addclientidtoopenidconnectprovider iam:addusertogroup iam:attachgrouppolicy iam:attachrolepolicy iam:attachuserpolicy iam:createaccesskey
iam:createloginprofile iam:createpolicyversion iam:createservicespecificcredential iam:createvirtualmfadevice+iam:enablemfadevice
iam:deactivatemfadevice iam:deletegrouppolicy iam:deleterolepermissionsboundary+sts:assumerole iam:deleterolepolicy iam:deleteuserpermissionsboundary
iam:deleteuserpolicy iam:detachgrouppolicy iam:detachrolepolicy iam:detachuserpolicy iam:putgrouppolicy iam:putrolepermissionsboundary
iam:putrolepolicy iam:putuserpermissionsboundary iam:putuserpolicy iam:removeuserfromgroup iam:resetservicespecificcredential iam:resyncmfadevice
iam:setdefaultpolicyversion iam:tagrole iam:taguser iam:updateaccesskey iam:updateassumerolepolicy iam:updateloginprofile
iam:updateopenidconnectproviderthumbprint iam:updatesamlprovider iam:uploadsigningcertificate iam:uploadsshpublickey
identitystore:creategroupmembership organizations:deletepolicy organizations:detachpolicy organizations:leaveorganization organizations:updatepolicy
sso:attachcustomermanagedpolicyreferencetopermissionset+sso:provisionpermissionset sso:attachmanagedpolicytopermissionset sso:createaccountassignment
sso:putinlinepolicytopermissionset
`

// passing are the sets that do it together with iam:PassRole: a service runs
// with a role that is stronger than who made it run.
const passing = `
airflow:createenvironment amplify:createapp+amplify:startjob apprunner:createservice appstream:createfleet+appstream:createstreamingurl
appstream:createimagebuilder+appstream:createimagebuilderstreamingurl autoscaling:createautoscalinggroup+autoscaling:createlaunchconfiguration
autoscaling:createlaunchconfiguration+autoscaling:updateautoscalinggroup batch:registerjobdefinition+batch:submitjob
bedrock-agentcore:connectbrowserautomationstream+bedrock-agentcore:createbrowser+bedrock-agentcore:startbrowsersession
bedrock-agentcore:createagentruntime+bedrock-agentcore:createagentruntimeendpoint+bedrock-agentcore:createworkloadidentity+bedrock-agentcore:invokeagentruntimecommand
bedrock-agentcore:createagentruntime+bedrock-agentcore:createharness+bedrock-agentcore:invokeagentruntimecommand
bedrock-agentcore:createcodeinterpreter+bedrock-agentcore:invokecodeinterpreter+bedrock-agentcore:startcodeinterpretersession braket:createjob
cloud9:createenvironmentec2 cloudformation:createstack cloudformation:createstackinstances+cloudformation:createstackset cloudformation:updatestack
cloudformation:updatestackset codebuild:createproject+codebuild:startbuild codebuild:createproject+codebuild:startbuildbatch
codebuild:startbuild+codebuild:updateproject codebuild:startbuildbatch+codebuild:updateproject
codepipeline:createpipeline+codepipeline:startpipelineexecution codepipeline:startpipelineexecution+codepipeline:updatepipeline
cognito-identity:setidentitypoolroles config:putremediationconfigurations+config:startremediationexecution
datapipeline:activatepipeline+datapipeline:createpipeline+datapipeline:putpipelinedefinition deadline:createfleet deadline:createqueue
ec2:associateiaminstanceprofile ec2:createfleet ec2:replaceiaminstanceprofileassociation ec2:requestspotfleet ec2:requestspotinstances
ec2:runinstances ecs:createservice+ecs:registertaskdefinition ecs:registertaskdefinition+ecs:updateservice ecs:runtask ecs:starttask
eks:createnodegroup eks:createpodidentityassociation elasticbeanstalk:createenvironment elasticbeanstalk:updateenvironment elasticmapreduce:runjobflow
emr-containers:createvirtualcluster+emr-containers:startjobrun emr-serverless:createapplication+emr-serverless:startjobrun
events:putrule+events:puttargets gamelift:createbuild+gamelift:createfleet+gamelift:requestuploadcredentials glue:createdevendpoint
glue:createjob+glue:createtrigger glue:createjob+glue:startjobrun glue:createsession+glue:runstatement glue:createtrigger+glue:updatejob
glue:startjobrun+glue:updatejob
imagebuilder:createcomponent+imagebuilder:createimage+imagebuilder:createimagerecipe+imagebuilder:createinfrastructureconfiguration
iot:createrolealias iot:updaterolealias kinesisanalytics:createapplication+kinesisanalytics:startapplication
lambda:addpermission+lambda:createfunction lambda:createeventsourcemapping+lambda:createfunction lambda:createfunction+lambda:createfunctionurlconfig
lambda:createfunction+lambda:invokefunction lambda:createmicrovmimage lambda:runmicrovm lambda:updatefunctionconfiguration
omics:createworkflow+omics:startrun pcs:createcomputenodegroup pipes:createpipe pipes:updatepipe rds:addroletodbcluster rds:addroletodbinstance
redshift:createcluster redshift:modifyclusteriamroles rolesanywhere:createprofile+rolesanywhere:createtrustanchor sagemaker:createautomljob
sagemaker:createdomain+sagemaker:createpresigneddomainurl sagemaker:createhyperparametertuningjob sagemaker:createmodel+sagemaker:createtransformjob
sagemaker:createnotebookinstance sagemaker:createpresigneddomainurl+sagemaker:createspace
sagemaker:createpresigneddomainurl+sagemaker:createuserprofile sagemaker:createprocessingjob sagemaker:createtrainingjob scheduler:createschedule
scheduler:updateschedule ssm:createdocument+ssm:startautomationexecution states:createstatemachine+states:startexecution states:teststate
transfer:createserver transfer:createuser
`

// escalations are the sets of either list.
func escalations() [][]string {
	var out [][]string
	for _, set := range strings.Fields(escalating) {
		out = append(out, strings.Split(set, "+"))
	}
	for _, set := range strings.Fields(passing) {
		out = append(out, append(strings.Split(set, "+"), "iam:passrole"))
	}
	return out
}

func (p *Params) admin() func([]byte) rule.Verdict {
	if p.PolicyAdmin != nil {
		return p.PolicyAdmin
	}
	sets := escalations()
	return func(doc []byte) rule.Verdict {
		v, ok := trail.JSON(doc)
		if !ok {
			return rule.Undecided
		}
		// What is allowed on every resource, and what may be under a condition.
		var sure, perhaps []string
		worst := rule.Clean
		for st := range v.Member("Statement").Elements {
			if !st.Member("Effect").Is("Allow") {
				continue
			}
			always := unlessConditional(st) == rule.Yes
			if st.Member("NotAction").Kind() != trail.KindAbsent {
				if always {
					return rule.Yes
				}
				worst = rule.Undecided
				continue
			}
			if st.Member("NotResource").Kind() == trail.KindAbsent && !holds(st.Member("Resource"), "*") {
				continue
			}
			for a := range st.Member("Action").Elements {
				perhaps = append(perhaps, strings.ToLower(a.Text()))
				if always {
					sure = append(sure, perhaps[len(perhaps)-1])
				}
			}
		}
		for _, set := range sets {
			if allowed(sure, set) {
				return rule.Yes
			}
			if allowed(perhaps, set) {
				worst = rule.Undecided
			}
		}
		return worst
	}
}

// allowed says whether the patterns hold every action of the set.
func allowed(patterns, set []string) bool {
	return !slices.ContainsFunc(set, func(action string) bool {
		return !slices.ContainsFunc(patterns, func(p string) bool {
			ok, err := path.Match(p, action)
			return ok && err == nil
		})
	})
}
