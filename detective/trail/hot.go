package trail

// Hot is a member found in the first pass, without a search.
type Hot uint8

// The hot members: those at the top of a record, then those of userIdentity and
// of what is in it, each group in the order of parents.
const (
	hotNone Hot = iota
	hEventVersion
	hUserIdentity
	hEventTime
	hEventSource
	hEventName
	hAwsRegion
	hSourceIP
	hUserAgent
	hErrorCode
	hErrorMessage
	hRequest
	hResponse
	hAdditional
	hRequestID
	hEventID
	hReadOnly
	hResources
	hEventType
	hManagement
	hRecipient
	hSharedID
	hCategory
	hVpce
	hConsole
	hAPIVersion
	hTLS
	hServiceDetails
	hAddendum
	hUIType
	hUIPrincipal
	hUIARN
	hUIAccount
	hUIKey
	hUIName
	hUIInvokedBy
	hUISession
	hUIProvider
	hUIOnBehalf
	hIssuer
	hAttributes
	hSourceIdentity
	hRoleDelivery
	hIssuerType
	hIssuerPrincipal
	hIssuerARN
	hIssuerAccount
	hIssuerName
	hCreated
	hMFA
	numHot
)

var hotNames = [numHot]string{
	hEventVersion: "eventVersion", hUserIdentity: "userIdentity", hEventTime: "eventTime",
	hEventSource: "eventSource", hEventName: "eventName", hAwsRegion: "awsRegion",
	hSourceIP: "sourceIPAddress", hUserAgent: "userAgent", hErrorCode: "errorCode",
	hErrorMessage: "errorMessage", hRequest: "requestParameters", hResponse: "responseElements",
	hAdditional: "additionalEventData", hRequestID: "requestID", hEventID: "eventID",
	hReadOnly: "readOnly", hResources: "resources", hEventType: "eventType",
	hManagement: "managementEvent", hRecipient: "recipientAccountId", hSharedID: "sharedEventID",
	hCategory: "eventCategory", hVpce: "vpcEndpointId", hConsole: "sessionCredentialFromConsole",
	hAPIVersion: "apiVersion", hTLS: "tlsDetails", hServiceDetails: "serviceEventDetails",
	hAddendum: "addendum",
	hUIType:   "type", hUIPrincipal: "principalId", hUIARN: "arn", hUIAccount: "accountId",
	hUIKey: "accessKeyId", hUIName: "userName", hUIInvokedBy: "invokedBy",
	hUISession: "sessionContext", hUIProvider: "identityProvider", hUIOnBehalf: "onBehalfOf",
	hIssuer: "sessionIssuer", hAttributes: "attributes", hSourceIdentity: "sourceIdentity", hRoleDelivery: "ec2RoleDelivery",
	hIssuerType: "type", hIssuerPrincipal: "principalId", hIssuerARN: "arn", hIssuerAccount: "accountId",
	hIssuerName: "userName", hCreated: "creationDate", hMFA: "mfaAuthenticated",
}

// hotParent is the object that holds a hot member; hotNone is the record.
func hotParent(h Hot) Hot {
	switch {
	case h < hUIType:
		return hotNone
	case h < hIssuer:
		return hUserIdentity
	case h < hIssuerType:
		return hUISession
	case h < hCreated:
		return hIssuer
	}
	return hAttributes
}

// hotObject is an object whose hot members are known: keys by their length, so
// that one is compared with at most five candidates, and the row of
// [Event.next] for its first member.
type hotObject struct {
	byLen  [32][]Hot
	first  Hot
	parent Hot // the member whose object it is in
}

// hotObjects holds them by the member that they are the value of.
var hotObjects = func() (o [numHot]*hotObject) {
	rows := numHot
	for h := hEventVersion; h < numHot; h++ {
		p := hotParent(h)
		if o[p] == nil {
			o[p] = &hotObject{first: rows, parent: hotParent(p)}
			rows++
		}
		n := len(hotNames[h])
		o[p].byLen[n] = append(o[p].byLen[n], h)
	}
	return o
}()

// hotRows is how many rows [Event.next] has: one for each member and object, and
// some more, because an index modulo a power of two needs no check.
const hotRows = 64

// hotKey is a hot member's key with its quotes and colon, and with the quote
// after it when its value is a string, as CloudTrail writes them. It is
// compared with 24 bytes of a record at once; a longer one equals nothing, nor
// does that of hotNone.
type hotKey struct {
	mask, word [3]uint64
	value      uint32 // where the value begins, from the brace or comma before the key
	text       bool   // whether that is a string
}

func (k *hotKey) is(x, y, z uint64) bool {
	return ((x&k.mask[0])^k.word[0])|((y&k.mask[1])^k.word[1])|((z&k.mask[2])^k.word[2]) == 0
}

var hotKeys = func() (keys [hotRows]hotKey) {
	for i := range keys {
		keys[i].word[0] = 1 // what a mask of zero leaves is never this
	}
	for h := hEventVersion; h < numHot; h++ {
		text := `"` + hotNames[h] + `":`
		k := hotKey{value: uint32(1 + len(text))}
		switch h { // these are no strings, or not always
		case hUserIdentity, hRequest, hResponse, hAdditional, hReadOnly, hResources, hManagement, hTLS,
			hServiceDetails, hAddendum, hUISession, hUIOnBehalf, hIssuer, hAttributes:
		default:
			k.text = true
			text += `"`
		}
		if len(text) > 24 {
			continue
		}
		for i := range len(text) {
			k.word[i/8] |= uint64(text[i]) << (i % 8 * 8)
			k.mask[i/8] |= 0xff << (i % 8 * 8)
		}
		keys[h] = k
	}
	return
}()
