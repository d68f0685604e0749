package advisor

import (
	"fmt"
	"strings"
	"time"

	"github.com/awsposture/posture"
)

// The checks on identities that are recomputed by functions of this file, and
// CheckRootKey by Switches.
const (
	CheckKeyRotation    = "DqdJqYeRm5"
	CheckPasswordPolicy = "Yw2K9puPzl"
	CheckRootMFA        = "7DAFEmoDos"
	CheckRootKey        = "c2vlfg0f4h"
)

// KeyFact is an access key of an IAM user, as the credential report has it. The
// report may be four hours old.
type KeyFact struct {
	User    posture.Resource
	Key     int // 1 or 2: the report does not have the keys' ids
	Active  bool
	Rotated time.Time // when it was made or made anew
}

// KeyRotation recomputes "IAM Access Key Rotation": an active key of more than 90
// days is yellow, of more than 730 red. Keys that are not active are not judged.
func KeyRotation(keys []KeyFact, now time.Time) (rows []Row) {
	for _, k := range keys {
		if !k.Active {
			continue
		}
		if k.Rotated.IsZero() {
			rows = append(rows, Row{Resource: k.User, Colour: NotAvailable, Reason: fmt.Sprintf("when access key %d was made was not given", k.Key)})
			continue
		}
		age := now.Sub(k.Rotated)
		c := Green
		switch {
		case age > 730*day:
			c = Red
		case age > 90*day:
			c = Yellow
		}
		rows = append(rows, Row{Resource: k.User, Colour: c, Reason: fmt.Sprintf("Access key %d is %s old.", k.Key, plural(int(age/day), "day", "days"))})
	}
	return rows
}

// PasswordPolicyFact is what the account's password policy asks of a password.
type PasswordPolicyFact struct {
	Account                        posture.Resource
	Exists                         bool
	Upper, Lower, Numbers, Symbols bool
}

// PasswordPolicy recomputes "IAM Password Policy": a policy that leaves out one of
// the four kinds of characters is yellow. That there is no policy is red here; the
// text of the check has no red any more, so that Trusted Advisor is expected to
// differ.
func PasswordPolicy(f PasswordPolicyFact) []Row {
	if !f.Exists {
		return []Row{{f.Account, Red, "The account has no password policy.", "the check's text has had no red since 2024"}}
	}
	var lacks []string
	for _, kind := range []struct {
		asked bool
		word  string
	}{{f.Upper, "upper case letters"}, {f.Lower, "lower case letters"}, {f.Numbers, "numbers"}, {f.Symbols, "symbols"}} {
		if !kind.asked {
			lacks = append(lacks, kind.word)
		}
	}
	if lacks != nil {
		return []Row{{Resource: f.Account, Colour: Yellow, Reason: "The password policy does not ask for " + strings.Join(lacks, ", ") + "."}}
	}
	return []Row{{Resource: f.Account, Colour: Green, Reason: "The password policy asks for all four kinds of characters."}}
}

// RootFact is how the account's root user signs in, as the account summary has it.
type RootFact struct {
	Account       posture.Resource
	Password, MFA bool
}

// RootMFA recomputes "MFA on root account": green as well where the root user has
// no password, which centralized root access removes.
func RootMFA(f RootFact) []Row {
	switch {
	case f.MFA:
		return []Row{{Resource: f.Account, Colour: Green, Reason: "The root user has MFA."}}
	case !f.Password:
		return []Row{{Resource: f.Account, Colour: Green, Reason: "The root user has no password."}}
	}
	return []Row{{Resource: f.Account, Colour: Red, Reason: "The root user has a password and no MFA."}}
}
