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
	byLen [32][]Hot
	first Hot
}

// hotObjects holds them by the member that they are the value of.
var hotObjects = func() (o [numHot]*hotObject) {
	rows := numHot
	for h := hEventVersion; h < numHot; h++ {
		p := hotParent(h)
		if o[p] == nil {
			o[p] = &hotObject{first: rows}
			rows++
		}
		n := len(hotNames[h])
		o[p].byLen[n] = append(o[p].byLen[n], h)
	}
	return o
}()

const numObjects = 5

// hotKeys are the hot members' keys as CloudTrail writes them.
var hotKeys = func() (keys [numHot]string) {
	for h := hEventVersion; h < numHot; h++ {
		keys[h] = `"` + hotNames[h] + `":`
	}
	return
}()
