package main

import (
	"context"
	"fmt"
	"net/mail"

	"github.com/awsposture/posture"
	"github.com/awsposture/posture/iam"
)

// UserEMail judges that every IAM user carries a tag with the e-mail address of
// the person who answers for it. It is a rule of this company's own; what makes
// it a control is that it implements posture.Evaluator.
type UserEMail struct {
	Account *iam.Account
	Tag     string // default "email"
}

// UserEMailEvidence is what was seen of one user.
type UserEMailEvidence struct {
	User  string `json:"user"`
	Tag   string `json:"tag"`
	Value string `json:"value,omitempty"`
}

// String says it in a sentence, which becomes the finding's Detail.
func (e UserEMailEvidence) String() string {
	if e.Value == "" {
		return fmt.Sprintf("User %s has no tag %q.", e.User, e.Tag)
	}
	return fmt.Sprintf("User %s has the tag %q with the value %q.", e.User, e.Tag, e.Value)
}

func (e UserEMail) tag() string {
	if e.Tag == "" {
		return "email"
	}
	return e.Tag
}

// Control implements posture.Evaluator. It does not touch the view, so that a
// nil view still lists the control.
func (e UserEMail) Control() posture.Control {
	return posture.Control{
		ID:       "example.user-email",
		Title:    "IAM users name the person who answers for them",
		Doc:      "When a credential leaks, somebody has to be asked at once. Tag the user with that person's e-mail address.",
		Severity: posture.Low, Scope: posture.Global, Resource: "AWS::IAM::User",
		Requires: []string{"iam:GetAccountAuthorizationDetails"},
		Params:   []posture.Param{{Name: "tag", Value: e.tag(), Default: "email"}},
	}
}

// Place implements posture.Evaluator.
func (e UserEMail) Place() posture.Place { return e.Account.Place() }

// Evaluate implements posture.Evaluator. The view reads the users once, however
// many controls ask for them.
func (e UserEMail) Evaluate(ctx context.Context) ([]posture.Finding, error) {
	c, place := e.Control(), e.Place()
	users, err := e.Account.Users(ctx)
	var fs []posture.Finding
	for _, u := range users {
		judge, seen := c.Pass, UserEMailEvidence{User: u.Name, Tag: e.tag(), Value: u.Tags[e.tag()]}
		if _, err := mail.ParseAddress(seen.Value); err != nil {
			judge = c.Fail
		}
		f := judge(place.Resource("AWS::IAM::User", u.Name, u.ARN), seen)
		f.Tags = u.Tags
		fs = append(fs, f)
	}
	// An error beside users stands for those that were not read: the scan adds an
	// Unknown, and what was judged stays.
	return c.Judged(fs, err, place.Resource("AWS::IAM::User", "", ""), "The account has no IAM user.")
}
