// Package guardduty judges how well an account, and an organization, is watched
// by Amazon GuardDuty, and puts it right.
//
// It has two views. Region is GuardDuty in one region of one account: whether
// it is enabled, with which protections, what blinds it, where its findings go
// and which of them nobody deals with. Organization is what the management
// account and the delegated administrator can be asked: who administers GuardDuty,
// what accounts get by themselves, and which of them are left out.
//
// A region without GuardDuty is a state, not a failure to read: Enabled fails
// there and what lives inside of GuardDuty is not applicable. What an
// administrator sets for its members is judged in the administrator's own region
// and not applicable in theirs.
//
// Facts of other services are fields of the views: the inventory of what could be
// protected, EventBridge rules, what the trail has of GuardDuty being stopped, the
// S3 objects of lists, the organization's accounts. Without one, the verdict that
// needs it is unknown.
package guardduty
