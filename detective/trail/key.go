package trail

import (
	"fmt"
	"strings"
	"time"
)

// Class is what kind of object a key of a trail's bucket holds.
type Class uint8

// The classes, told apart by the exact folder name in the key. The folder
// "CloudTrail" is a prefix of all the others.
const (
	Unexpected Class = iota
	Log
	DigestFile
	Insight
	NetworkActivity
	Aggregated
)

var folders = map[string]Class{
	"CloudTrail": Log, "CloudTrail-Digest": DigestFile, "CloudTrail-Insight": Insight,
	"CloudTrail-NetworkActivity": NetworkActivity, "CloudTrail-Aggregated": Aggregated,
}

func (c Class) String() string {
	return [...]string{"unexpected", "log", "digest", "insight", "network activity", "aggregated"}[min(c, 5)]
}

// ObjectKey is the key of an object that CloudTrail delivered, taken apart. See
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-find-log-files.html
type ObjectKey struct {
	Prefix       string // the trail's own prefix, without the slash
	Organization string // "o-exampleorgid" for an organization trail
	Account      string
	Class        Class
	Region       string
	Delivered    time.Time // of the file, not of its events
	Trail, Home  string    // digests: the trail's name and home region
	Backfill     bool      // digests: made later for a file that missed its hour
	Unique       string    // logs: the sixteen characters at the end
}

// ParseKey takes a key apart. Its error says what is unusual about it: an
// object under the trail's prefix that CloudTrail would not have named so.
func ParseKey(key string) (ObjectKey, error) {
	var k ObjectKey
	fail := func(what string) (ObjectKey, error) {
		return ObjectKey{}, fmt.Errorf("trail: key %q: %s", key, what)
	}
	parts := strings.Split(key, "/")
	n := len(parts)
	// From the end: [prefix/]AWSLogs/[org/]account/folder/region/yyyy/mm/dd/file
	if n < 8 {
		return fail("too few folders")
	}
	file, day := parts[n-1], parts[n-4:n-1]
	k.Region, k.Account = parts[n-5], parts[n-7]
	k.Class = folders[parts[n-6]]
	if k.Class == Unexpected {
		return fail("no CloudTrail folder where it belongs")
	}
	if !digits(k.Account, 12) {
		return fail("the account is not twelve digits")
	}
	at := n - 8
	if strings.HasPrefix(parts[at], "o-") && at > 0 {
		k.Organization = parts[at]
		at--
	}
	if parts[at] != "AWSLogs" {
		return fail("no AWSLogs folder where it belongs")
	}
	k.Prefix = strings.Join(parts[:at], "/")

	name, ok := strings.CutSuffix(file, ".json.gz")
	if !ok {
		if name, ok = strings.CutSuffix(file, ".json"); !ok {
			return fail("not a .json.gz file")
		}
	}
	name, ok = strings.CutPrefix(name, k.Account+"_"+parts[n-6]+"_"+k.Region+"_")
	if !ok {
		return fail("the file is not named after account, kind and region")
	}
	layout := "20060102T1504Z"
	stamp := ""
	if k.Class == DigestFile {
		layout = "20060102T150405Z"
		name, k.Backfill = strings.CutSuffix(name, "_backfill")
		i := strings.LastIndexByte(name, '_')
		if i < 0 {
			return fail("the time is missing")
		}
		stamp = name[i+1:]
		j := strings.LastIndexByte(name[:i], '_')
		if j < 0 {
			return fail("trail name or home region is missing")
		}
		k.Trail, k.Home = name[:j], name[j+1:i]
	} else {
		stamp, k.Unique, ok = strings.Cut(name, "_")
		if !ok || k.Unique == "" {
			return fail("the unique part is missing")
		}
	}
	t, err := time.Parse(layout, stamp)
	if err != nil {
		return fail("the time " + stamp + " is not of the form " + layout)
	}
	if t.Format("2006/01/02") != strings.Join(day, "/") && k.Class != DigestFile {
		return fail("the day's folder and the file's time differ")
	}
	k.Delivered = t
	return k, nil
}

func digits(s string, n int) bool {
	if len(s) != n {
		return false
	}
	for i := range n {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// Day is the prefix under which one day of one kind is listed:
// "prefix/AWSLogs/o-…/account/folder/region/yyyy/mm/dd/". Delivery days: for
// events of a day list the day after too.
func (k ObjectKey) Day(t time.Time) string {
	var b strings.Builder
	if k.Prefix != "" {
		b.WriteString(k.Prefix + "/")
	}
	b.WriteString("AWSLogs/")
	if k.Organization != "" {
		b.WriteString(k.Organization + "/")
	}
	folder := "CloudTrail"
	for name, c := range folders {
		if c == k.Class {
			folder = name
		}
	}
	fmt.Fprintf(&b, "%s/%s/%s/%s/", k.Account, folder, k.Region, t.UTC().Format("2006/01/02"))
	return b.String()
}
