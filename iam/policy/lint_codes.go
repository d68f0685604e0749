package policy

// LintCode describes one code that [Lint] reports.
type LintCode struct {
	Severity LintSeverity `json:"severity"`
	// Analyzer is the issue code of IAM Access Analyzer for the same thing;
	// "" where it has none.
	Analyzer string `json:"analyzer,omitempty"`
}

// LintCodes returns every code with its severity. The map is the caller's own.
func LintCodes() map[string]LintCode {
	all := make(map[string]LintCode, len(lintCodes))
	for code, c := range lintCodes {
		all[code] = c
	}
	return all
}

var lintCodes = map[string]LintCode{
	// Documents and statements.
	"json-syntax":            {Error, "JSON_SYNTAX_ERROR"},
	"json-duplicate-member":  {Error, ""},
	"wrong-json-type":        {Error, "DATA_TYPE_MISMATCH"},
	"unknown-element":        {Error, "INVALID_POLICY_ELEMENT"},
	"conflicting-elements":   {Error, "UNSUPPORTED_ELEMENT_COMBINATION"},
	"kind-unset":             {Error, ""},
	"version-invalid":        {Error, "INVALID_VERSION"},
	"version-missing":        {Warning, "MISSING_VERSION"},
	"statement-missing":      {Error, "MISSING_STATEMENT"},
	"effect-missing":         {Error, "MISSING_EFFECT"},
	"effect-invalid":         {Error, "INVALID_EFFECT"},
	"sid-invalid-characters": {Error, "UNSUPPORTED_SID"},
	"sid-duplicate":          {Error, "UNIQUE_SIDS_REQUIRED"},
	"id-not-allowed":         {Error, ""},
	"character-not-storable": {Error, ""},
	"size-over-limit":        {Error, "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA"},
	"statement-duplicate":    {Suggestion, "REDUNDANT_STATEMENT"},
	// Others of the same effect apply wherever it does, by comparing entry with
	// entry. All that are reported can be removed together.
	"statement-subsumed": {Suggestion, ""},
	// It leaves out everything, or two of its conditions exclude each other.
	"statement-never-applies": {Warning, ""},
	// Deny statements of the same policy cover each entry of the Allow.
	"allow-always-denied": {Warning, ""},

	// Actions.
	"action-missing":                 {Error, "MISSING_ACTION"},
	"action-empty":                   {Warning, "EMPTY_ARRAY_ACTION"},
	"action-unknown":                 {Error, "INVALID_ACTION"},
	"action-service-unknown":         {Error, "INVALID_SERVICE_IN_ACTION"},
	"action-prefix-wildcard":         {Error, "INVALID_SERVICE_IN_ACTION"},
	"action-pattern-matches-nothing": {Error, "INVALID_ACTION"},
	"action-redundant":               {Suggestion, "REDUNDANT_ACTION"},
	"action-not-for-resource":        {Error, ""},
	"action-needs-star-resource":     {Error, ""},
	// A trust policy is about sts alone, that of a bucket, key, queue and the like
	// about its own service.
	"action-not-in-policy-type": {Error, "UNSUPPORTED_ACTION_IN_POLICY"},
	"not-action-allow":          {Security, ""},
	"full-admin":                {Security, ""},
	"service-admin":             {Warning, ""},

	// Resources.
	"resource-missing":     {Error, "MISSING_RESOURCE"},
	"resource-empty":       {Warning, "EMPTY_ARRAY_RESOURCE"},
	"arn-prefix":           {Error, "INVALID_ARN_PREFIX"},
	"arn-fields-missing":   {Error, "MISSING_ARN_FIELD"},
	"arn-partition":        {Error, "INVALID_PARTITION"},
	"arn-service-case":     {Error, "INVALID_ARN_SERVICE_CASE"},
	"arn-service-wildcard": {Suggestion, "WILDCARD_IN_SERVICE_NAME"},
	"arn-region-invalid":   {Error, "INVALID_ARN_REGION"},
	"arn-account-invalid":  {Error, "INVALID_ARN_ACCOUNT"},
	// By the forms of ARNs in the catalog; services without any are passed over.
	"arn-resource-shape":      {Error, "INVALID_ARN_RESOURCE"},
	"arn-region-missing":      {Error, "MISSING_ARN_REGION"},
	"arn-region-not-allowed":  {Error, "ARN_REGION_NOT_ALLOWED"},
	"arn-account-not-allowed": {Error, "ARN_ACCOUNT_NOT_ALLOWED"},
	// The policy of a bucket, key, queue and the like is about its own service.
	"arn-not-in-policy-type":      {Error, "UNSUPPORTED_RESOURCE_ARN_IN_POLICY"},
	"resource-redundant":          {Suggestion, "REDUNDANT_RESOURCE"},
	"bucket-star-without-slash":   {Warning, ""},
	"trailing-star-crosses-colon": {Warning, "MISSING_ARN_FIELD"},
	"not-resource-allow":          {Security, ""},

	// Principals.
	"principal-missing":                          {Error, "MISSING_PRINCIPAL"},
	"principal-not-allowed":                      {Error, "UNSUPPORTED_PRINCIPAL"},
	"principal-shape":                            {Error, "INVALID_PRINCIPAL_FORMAT"},
	"principal-key":                              {Error, "INVALID_PRINCIPAL_KEY"},
	"principal-empty":                            {Warning, "EMPTY_ARRAY_PRINCIPAL"},
	"principal-partial-wildcard":                 {Error, "UNSUPPORTED_WILDCARD_IN_PRINCIPAL"},
	"principal-service-format":                   {Error, "INVALID_SERVICE_PRINCIPAL_FORMAT"},
	"principal-federated-not-allowed":            {Error, "FEDERATED_PRINCIPAL_NOT_SUPPORTED"},
	"principal-by-unique-id":                     {Warning, "INVALID_ROLE_REFERENCE"},
	"principal-group":                            {Error, ""},
	"not-principal-allow":                        {Security, "ALLOW_WITH_NOT_PRINCIPAL"},
	"not-principal-incomplete":                   {Security, ""},
	"service-principal-unscoped":                 {Security, "RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL"},
	"public-access":                              {Security, ""},
	"trust-wildcard":                             {Security, "ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL"},
	"trust-not-principal":                        {Error, "ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL"},
	"trust-resource":                             {Error, "ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE"},
	"trust-federated-format":                     {Error, "INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY"},
	"trust-action-mismatch":                      {Error, "MISMATCHED_ACTION_FOR_PRINCIPAL"},
	"trust-rolesanywhere-actions":                {Error, "MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY"},
	"trust-session-redundant":                    {Suggestion, "REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY"},
	"trust-oidc-unscoped":                        {Security, "MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL"},
	"trust-github-unscoped":                      {Security, "MISSING_GITHUB_REPO_CONDITION_KEY"},
	"trust-github-broad":                         {Warning, "SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED"},
	"trust-audience":                             {Suggestion, "CONFIRM_AUDIENCE_CLAIM_TYPE"},
	"trust-external-account-without-external-id": {Warning, ""},
	"rcp-allow":                                  {Error, ""},
	"rcp-bare-star":                              {Error, ""},
	"rcp-principal":                              {Error, ""},
	"endpoint-gateway-principal":                 {Warning, ""},

	// Conditions and variables.
	"condition-empty":              {Suggestion, "EMPTY_OBJECT_CONDITION"},
	"condition-values-empty":       {Error, "EMPTY_ARRAY_CONDITION"},
	"condition-operator-unknown":   {Error, "INVALID_CONDITION_OPERATOR"},
	"operator-case":                {Suggestion, ""},
	"condition-key-format":         {Error, "INVALID_CONDITION_KEY_FORMAT"},
	"condition-key-unknown":        {Error, "INVALID_SERVICE_CONDITION_KEY"},
	"condition-key-case-duplicate": {Error, "DUPLICATE_KEYS_WITH_DIFFERENT_CASE"},
	"condition-key-deprecated":     {Warning, "DEPRECATED_GLOBAL_CONDITION_KEY"},
	"condition-key-not-for-action": {Warning, "UNSUPPORTED_ACTION_FOR_CONDITION_KEY"},
	"condition-tag-key-missing":    {Error, "MISSING_TAG_KEY_IN_CONDITION"},
	"condition-pair-missing":       {Security, "MISSING_PAIRED_CONDITION_KEYS"},
	"operator-type-mismatch":       {Warning, "TYPE_MISMATCH"},
	"value-type-mismatch":          {Error, "TYPE_MISMATCH"},
	"bool-many-values":             {Error, "INVALID_CONDITION_MULTIPLE_BOOLEAN"},
	"date-epoch":                   {Warning, "INVALID_DATE_VALUE"},
	"wildcard-without-like":        {Warning, "WILDCARD_WITHOUT_LIKE_OPERATOR"},
	"set-operator-missing":         {Error, "MISSING_QUALIFIER"},
	"set-operator-on-single":       {Security, "FORALLVALUES_WITH_SINGLE_VALUED_KEY"},
	"forallvalues-allow-unguarded": {Security, ""},
	"null-with-set-operator":       {Suggestion, "NULL_WITH_QUALIFIER"},
	"ifexists-weakens-allow":       {Security, ""},
	"mfa-bool-without-ifexists":    {Security, ""},
	"ip-host-bits":                 {Suggestion, "IMPROVE_IP_RANGE"},
	"ip-private-only":              {Error, "PRIVATE_IP_ADDRESS"},
	"ip-private-some":              {Suggestion, "PRIVATE_IP_ADDRESS_SUBSET"},
	"vpc-id-format":                {Error, "INVALID_VPC_FORMAT"},
	"vpce-id-format":               {Error, "INVALID_VPCE_FORMAT"},
	"region-invalid":               {Error, "INVALID_REGION"},
	"caller-controlled-condition":  {Security, ""},
	"variable-brace":               {Error, "MISSING_BRACE_IN_VARIABLE"},
	"variable-quote":               {Error, "MISSING_QUOTE_IN_VARIABLE"},
	"variable-space":               {Error, "UNSUPPORTED_SPACE_IN_VARIABLE"},
	"variable-empty":               {Error, "EMPTY_VARIABLE"},
	"variable-symbol":              {Error, "UNSUPPORTED_SYMBOL_IN_VARIABLE"},
	"variable-in-wrong-element":    {Error, "VARIABLE_UNSUPPORTED_IN_ELEMENT"},
	"variable-in-wrong-version":    {Error, "VARIABLE_UNSUPPORTED_IN_VERSION"},
	"variable-in-wrong-operator":   {Error, "INVALID_VARIABLE_FOR_OPERATOR"},
	"variable-caller-chosen":       {Security, ""},

	// Rights.
	"passrole-unscoped":   {Security, "PASS_ROLE_WITH_STAR_IN_RESOURCE"},
	"create-slr-unscoped": {Warning, "CREATE_SLR_WITH_STAR_IN_RESOURCE"},
	// The policy alone, with its conditions and Deny statements, certainly allows
	// it on resources that it does not name. The tables are as of PowersDate.
	"escalation":            {Security, ""},
	"credential-read":       {Security, ""},
	"resource-policy-write": {Security, ""},
	// Named in full, without iam:PassRole anywhere in the policy.
	"dependent-action-missing": {Suggestion, ""},
}
