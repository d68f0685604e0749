// Package organization judges and changes an AWS organization: its accounts and
// organizational units, its service and resource control policies, and who
// administers it and its services.
//
// [Organization] is the view; [Evaluators] is the suite of its controls, one file
// each. They are judged in the management account or in a delegated
// administrator's; anywhere else they do not apply, and an account that belongs
// to no organization is a state, not a failure to read. What can be put right and
// taken back has a setting and a remediator. Package organizationtest has the fake.
//
// Other packages take facts from the view: [Organization.Members] and
// [Organization.InOrganization] are what iam.Account asks for, and
// [Organization.Levels] gives the control policies of an account, level by level,
// as text for a policy engine.
//
// Of CIS AWS Foundations 7.0, organizational units that follow environment and
// sensitivity of data (2.1.4) are judged as far as AWS can tell: that accounts are
// in one. Which unit stands for what is in nobody's API.
package organization
