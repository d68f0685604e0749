package trail

import (
	"net/netip"
	"strings"
	"time"
)

// The accessors below return "" (or the zero value) for members that are
// absent, null or not of the documented type: every member can be.

func (e *Event) text1(h Hot) string {
	v := e.at(h)
	if v.Kind() == KindObject || v.Kind() == KindArray {
		return ""
	}
	return v.Text()
}

// appendText1 is text1 without a string of its own.
func (e *Event) appendText1(dst []byte, h Hot) []byte {
	if e.plain>>h&1 != 0 {
		s := e.hot[h]
		return append(dst, e.text[s.off+1:s.end-1]...)
	}
	return e.at(h).appendScalar(dst)
}

func (v Value) appendScalar(dst []byte) []byte {
	switch v.Kind() {
	case KindObject, KindArray, KindNull:
		return dst
	}
	return v.AppendText(dst)
}

// Version is the record format, "1.11".
func (e *Event) Version() string { return e.text1(hEventVersion) }

// Time is when the call completed on the service's host, to the second, UTC;
// zero when absent or not in the documented form.
func (e *Event) Time() time.Time {
	if sec, ok := parseTime(e.at(hEventTime).raw); ok {
		return time.Unix(sec, 0).UTC()
	}
	t, err := time.Parse(time.RFC3339, e.text1(hEventTime))
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// ID is the event's id, a GUID. One call can have several, see SharedID.
func (e *Event) ID() string { return e.text1(hEventID) }

// Source is the service, "s3.amazonaws.com".
func (e *Event) Source() string { return e.text1(hEventSource) }

// Name is the call's name. It is neither the API's nor the IAM action's name
// in all cases.
func (e *Event) Name() string { return e.text1(hEventName) }

// Region is the region whose service recorded the event; global services
// record in one region of their partition.
func (e *Event) Region() string { return e.text1(hAwsRegion) }

// Type is the event's type, "AwsApiCall".
func (e *Event) Type() string { return e.text1(hEventType) }

// Category is Management, Data, NetworkActivity, Insight or Aggregated.
func (e *Event) Category() string { return e.text1(hCategory) }

// UserAgent is what the caller says it is.
func (e *Event) UserAgent() string { return e.text1(hUserAgent) }

// ErrorCode is "" for calls that succeeded, and for failed sign-ins.
func (e *Event) ErrorCode() string { return e.text1(hErrorCode) }

// ErrorMessage explains the error code.
func (e *Event) ErrorMessage() string { return e.text1(hErrorMessage) }

// RequestID is the call's request id.
func (e *Event) RequestID() string { return e.text1(hRequestID) }

// SharedID is equal in the records that two accounts get of one call.
func (e *Event) SharedID() string { return e.text1(hSharedID) }

// Account is the account whose trail received the event.
func (e *Event) Account() string { return e.text1(hRecipient) }

// VPCEndpoint is the endpoint the call came through.
func (e *Event) VPCEndpoint() string { return e.text1(hVpce) }

// ReadOnly reports whether the call changes nothing; known is false when the
// record does not say. It is a boolean, in some records a string.
func (e *Event) ReadOnly() (readOnly, known bool) {
	switch strings.ToLower(e.text1(hReadOnly)) {
	case "true":
		return true, true
	case "false":
		return false, true
	}
	return false, false
}

// Request is requestParameters: what was asked for.
func (e *Event) Request() Value { return e.at(hRequest) }

// Response is responseElements: what was answered, null for what only reads.
func (e *Event) Response() Value { return e.at(hResponse) }

// Additional is additionalEventData, whose members differ by event.
func (e *Event) Additional() Value { return e.at(hAdditional) }

// Omitted reports whether CloudTrail left out the request parameters for their
// size: what they asked for cannot be judged, and padding them is a known way
// to hide it. (The shape of the note is common knowledge; no AWS page states it.)
func (e *Event) Omitted() bool {
	rp := e.Request()
	return rp.Member("omitted").Is("true") || strings.HasPrefix(rp.Member("reason").Text(), "requestParameters")
}

// SourceIP is the caller's address as written, which is also the name of an AWS
// service, or "AWS Internal".
func (e *Event) SourceIP() string { return e.text1(hSourceIP) }

// Addr is SourceIP as an address; it is not valid for anything else.
func (e *Event) Addr() netip.Addr {
	a, err := netip.ParseAddr(e.SourceIP())
	if err != nil {
		return netip.Addr{}
	}
	return a.Unmap()
}

// ByService reports whether an AWS service made the call, in its own name or
// for somebody (a forward access session).
func (e *Event) ByService() bool {
	return e.text1(hUIType) == "AWSService" || e.text1(hUIInvokedBy) != "" ||
		strings.HasSuffix(e.SourceIP(), ".amazonaws.com") || strings.HasPrefix(e.SourceIP(), "AWS Internal")
}

// Resource is one entry of the record's resources.
type Resource struct{ ARN, Account, Type string }

// Resources are the resources the record names. Few services fill them in.
func (e *Event) Resources() []Resource {
	var rs []Resource
	for v := range e.at(hResources).Elements {
		var r Resource
		for k, m := range v.Members {
			switch strings.ToLower(k.String()) { // the case of these keys varies
			case "arn":
				r.ARN = m.Text()
			case "accountid":
				r.Account = m.Text()
			case "type":
				r.Type = m.Text()
			}
		}
		if r != (Resource{}) {
			rs = append(rs, r)
		}
	}
	return rs
}

// Addendum says that a record was delivered late or changes an earlier one.
type Addendum struct{ Reason, UpdatedFields, OriginalRequestID, OriginalEventID string }

// Addendum is the record's addendum; its Reason is "" when there is none.
func (e *Event) Addendum() Addendum {
	a := e.at(hAddendum)
	return Addendum{
		a.Member("reason").Text(), a.Member("updatedFields").Text(),
		a.Member("originalRequestID").Text(), a.Member("originalEventID").Text(),
	}
}
