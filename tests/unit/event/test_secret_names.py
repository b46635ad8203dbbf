"""Names of secrets, and similar names of other things, from audit logs of real products."""

from typing import Final

import pytest

from prooftrail.event import secret_names
from prooftrail.event.masking import MASK, Masker
from prooftrail.event.secret_names import SecretKeys, describes_secret, split_name
from tests.support.linear import compute_ratio

HIDDEN = "hunter2-the-secret"
MARKS: Final = "\u0301\u0323"  # combining marks, which NFKD sorts
# Where each list comes from stands before it: product, and the part of its documentation.
SECRETS: Final = {
    "AWS CloudTrail: requestParameters and responseElements of IAM, STS, RDS": """
        password masterUserPassword newPassword oldPassword loginProfilePassword secretAccessKey
        SecretAccessKey sessionToken secretString SecretString secretBinary authorizationToken
        accessToken refreshToken idToken clientSecret privateKey plaintextKeyMaterial
        X-Amz-Security-Token X-Amz-Signature authToken webIdentityToken SAMLAssertion keyMaterial
    """,
    "AWS: variables in Lambda's and ECS's environment": """
        AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN DB_PASSWORD DB_PASSWORD_PROD DBPASSWORD
        STRIPE_API_KEY API_KEY_STRIPE JWT_SECRET SECRET_KEY_BASE SMTP_PASS GITHUB_TOKEN
        ENCRYPTION_KEY SLACK_WEBHOOK_SECRET
    """,
    "GitHub: cookies, webhooks, Actions and tokens": """
        user_session client_secret webhook_secret access_token personal_access_token private_key
        remember_token oauth_token installation_token otp recovery_codes
    """,
    "Okta: OAuth, SAML and factors": """
        client_assertion SAMLResponse passCode factorPasscode code_verifier sessionToken stateToken
        answer.securityAnswer sharedSecret passkey id_token authorization_code activationToken
    """,
    "Kubernetes: Secret, ServiceAccount and kubeconfig": """
        token bootstrap-token-secret tls.key ssh-privatekey basic_auth client-key-password
        bearerToken
    """,
    "Google Cloud: service account keys, Cloud SQL, OAuth": """
        privateKeyData private_key rootPassword client_secret api_key apiKey oauth_verifier
        X-Goog-Signature user_password accountKey
    """,
    "Azure: storage, Key Vault, Entra ID, connection strings": """
        storageAccountKey accountKey primaryConnectionString clientSecretValue secretText
        passwordProfile.password sharedAccessSignature subscriptionKey adminPassword
        administratorLoginPassword sharedKey connectionString
    """,
    "Web applications: forms, cookies and headers": """
        Password user_password passwordHash passwd pwd dbPwd passphrase password1 new_password_again
        csrfmiddlewaretoken X-CSRF-Token Authorization Proxy-Authorization Cookie Set-Cookie
        X-Api-Key x.api.key APIKEY PHPSESSID JSESSIONID sessionId session_key connect.sid cvv CVV2
        cardNumber card_number pin cardPin pin_code PIN contraseña \uff54\uff4f\uff4b\uff45\uff4e
        code auth authCode verificationCode mfa_code jwtPayload bearer dsn seed_phrase totp userOtp
        token_for_billing secrets tokens credentials passWord PassWord pass_word passPhrase
        pass_phrase password2_confirm password1Confirm token2_value secret1Value token_v2 token_new
    """,
    "Java, Redis, Vault, Wi-Fi: settings": """
        keystorePass keyPass storePass psk wifi_psk pinNumber authHeader REDIS_AUTH unsealKeys
        two_factor_code 2fa_code
    """,
    "AWS S3: keys of the customer; Pradeo: enrolment of a phone": """
        SSECustomerKey copySourceSSECustomerKey singleEnrollmentKey
        x-amz-server-side-encryption-customer-key
    """,
    "GitLab, Auth0, Firebase: sign-in; Datadog, Docker, LDAP, WireGuard, DNS: settings": """
        otp_attempt login_ticket bindingCode oobCode application_key .dockerconfigjson bind_pw pw
        bindpw presharedKey ssl_key tsig_key client-key-data
    """,
}
NO_SECRETS: Final = {
    "AWS CloudTrail: userIdentity, IAM, STS, KMS, Secrets Manager, paging": """
        accessKeyId AWS_ACCESS_KEY_ID principalId sessionContext sessionIssuer sessionName
        roleSessionName mfaAuthenticated secretId secretArn SecretId secretName secretVersionId
        passwordLastUsed passwordResetRequired passwordPolicy requireSymbols masterUserSecretArn
        nextToken NextToken clientRequestToken keyId kmsKeyId kmsMasterKeyId masterKeyId keySpec
        keyPairName publicKey sseCustomerAlgorithm bucketKeyEnabled tokenIssueTime credentialType
        clientToken ClientToken httpTokens TrafficMirrorSessionId
        authorizationType authorizerId objectKey tagKeys userName MFAUsed loginTo
    """,
    "GitHub: audit log events": """
        actor_id token_id token_scopes hashed_token programmatic_access_type key_fingerprint
        public_key deploy_key_fingerprint secret_type secret_scanning_alert_number secret_name
        passkey_nickname external_identity_nameid oauth_application_id two_factor_method
        authentication_token_id operation_type transport_protocol_name user_session_id_hash
    """,
    "Okta: System Log": """
        passwordSpray credentialProvider credentialType authenticationProvider authenticationStep
        externalSessionId rootSessionId authnRequestId dtHash requestUri tokenLifetime
        passwordExpiration factorType grantType legacyEventType displayMessage risk behaviors
        securityContext tokenType
    """,
    "Kubernetes: audit.k8s.io/v1 and pod specifications": """
        authorization.k8s.io/decision authorization.k8s.io/reason decision secretName secretRef
        secretKeyRef serviceAccountName
        pod-security.kubernetes.io/enforce-policy authentication.kubernetes.io/credential-id
        tokenExpirationSeconds auditID stage verb imagePullPolicy configMapKeyRef
    """,
    "Google Cloud: AuditLog and its messages": """
        authorizationInfo authenticationInfo principalEmail serviceAccountKeyName
        serviceAccountDelegationInfo keyAlgorithm privateKeyType keyOrigin validAfterTime pageToken
        nextPageToken policyDelta bindingDeltas permission granted permissionType
    """,
    "Azure: activity log, Entra ID and storage logs": """
        tokenHash authorizationScope roleAssignmentId authenticationRequirement
        authenticationDetails tokenIssuerType tokenIssuerName credentialKeyId keyIdentifier
        passwordCredentialsCount appidacr resultSignature correlationId isInteractive secretUri
        conditionalAccessStatus uniqueTokenIdentifierType
    """,
    "Windows, .NET and firewalls: security log, names of assemblies, TLS": """
        TokenElevationType ElevationToken PublicKeyToken TLSKeyExchange sseCustomerKeyMD5
    """,
    "GitLab, GitHub, Vault, Snowflake, Datadog, Stripe: which key it was": """
        ssh_key_fingerprint apiKeyPrefix apiKeyLast4 token_last_eight client_token_accessor
        token_policies secret_id_ttl secret_id_num_uses secrets_engine application_key_id
        MUST_CHANGE_PASSWORD FIRST_AUTHENTICATION_FACTOR RSA_PUBLIC_KEY_FP cvc_check publishable_key
        signing_key_thumbprint pwned login_attempt
    """,
    "Applications": """
        statusCode countryCode postcode zipCode errorCode codes pinned spin pinterest hotplate
        passed compass passenger boardingPass authMethod author authenticated signature
        digitalSignature tokenCount maxTokens prompt_tokens completionTokens expiresIn
        token_expires_at passwordChangedAt tokenizer secretary keyboard monkey key keys primaryKey
        partitionKey idempotencyKey sessionIdleMinutes side aside userId größe 口令 username
        assertion description option action state currency accessLevel privateNote cookieConsent
        DATABASE_URL REDIS_URL DATABASE_URI passwordless tokenized passwordExpiryDays hasPassword
        old new from to default before after compassWord password2Policy base64 news oldest today
        validFrom bypassCode tokenV8Engine
        is_secret api_key_deleted 1Password onepassword terminalSessionId
    """,
}


def list_names(lists: dict[str, str]) -> list[str]:
    return sorted({name for text in lists.values() for name in text.split()})


@pytest.mark.parametrize("name", list_names(SECRETS))
def test_a_text_under_the_name_of_a_secret_is_masked(name: str) -> None:
    assert Masker().mask_json({name: HIDDEN}) == {name: MASK}
    assert SecretKeys().match(name)


@pytest.mark.parametrize("name", list_names(NO_SECRETS))
def test_a_name_that_only_sounds_like_one_masks_nothing(name: str) -> None:
    for value in (HIDDEN, 7, [HIDDEN], {"value": HIDDEN}):
        assert Masker().mask_json({name: value}) == {name: value}
    assert not SecretKeys().match(name)


@pytest.mark.parametrize("name", list_names(SECRETS))
def test_case_and_separators_do_not_matter(name: str) -> None:
    words = split_name(name)
    for joined in ("_".join(words), "-".join(words), "_".join(words).upper()):
        assert SecretKeys().match(joined), joined


@pytest.mark.parametrize(
    "status", [403, 0, "404", "E42", "AccessDenied", "AADSTS50126", "T1001I", "ORD-2024-0001"]
)
def test_a_status_under_code_stays(status: object) -> None:
    assert Masker().mask_json({"code": status}) == {"code": status}


@pytest.mark.parametrize("code", ["123456", "4/P7q7W91a-oMsCeLvIaQm6bTrgtp7", "0.AXoAq1w2e3r4"])
def test_a_code_that_looks_random_is_masked(code: str) -> None:
    assert Masker().mask_json({"code": code, "q": {"code": [code, "x"]}}) == {
        "code": MASK,
        "q": {"code": [MASK, "x"]},
    }


def test_the_sid_of_a_policy_or_of_windows_and_a_uuid_stay() -> None:
    sids = {"Sid": "Stmt1538161409", "user": {"sid": "S-1-5-21-3623811015-3361044348-30300820"}}
    assert Masker().mask_json(sids) == sids
    uuid = {"sid": "8a3fc038-785b-43f3-8737-827b3e25fe5b"}
    assert Masker().mask_json(uuid) == uuid


# A secret name, and a value from the product which shows that it is no secret.
PLAIN: Final = [
    ("mfaToken", "%%1842"),  # Windows: yes
    ("totp", "no"),  # Stormshield
    ("cs(Cookie)", "-"),  # CloudFront
    ("SessionId", "2"),  # CrowdStrike
    ("SESSION_ID", 1069796489215002),  # Snowflake
    ("PWD", "/home/app"),  # a process's environment
    ("dsn", "2.0.0"),  # Proofpoint
    ("SidList", "\n\t\t%{S-1-5-21-1004336348-519}\n\t\t%{S-1-5-32-544}"),  # Windows
]


@pytest.mark.parametrize(("name", "value"), PLAIN)
def test_a_value_that_shows_that_it_is_no_secret_stays(name: str, value: object) -> None:
    pairs = {name: value, "pairs": [[name, value], {"name": name, "value": value}]}
    assert Masker().mask_json(pairs) == pairs
    assert Masker().mask_refused(pairs) == pairs


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("password", claim) for claim in ("yes", "none", "-", "true")),
        *(("pwd", value) for value in ("/hunter2", "2.0.0", "12345")),
        *(("sessionId", value) for value in ("q8Zr42", "1" * 17, 10**17, "٣", "yes1")),
        *(("token", value) for value in ("/a/b", "2.0.0", "123456", 123456)),
        *(("dsn", value) for value in ("https://k@sentry.io/1", "2.0", "host=db")),
        ("PWD", "hunter2"),
        ("PWD", "/x9Kq2Lm4TzB=="),
        ("PWD", "/s3cr3tly/mine"),
        ("PWD", "/horse!battery"),
        ("pin", 1234),
    ],
)
def test_a_secret_that_is_near_such_a_value_is_masked(name: str, value: object) -> None:
    assert Masker().mask_json({name: value}) == {name: MASK}
    assert Masker().mask_refused([{"name": name, "value": value}])[0]["value"] == MASK


def test_every_value_under_an_own_name_is_masked() -> None:
    masker = Masker(SecretKeys(extra=frozenset({"consent", "sessionId"})))
    assert masker.mask_json({"consent": "yes", "sessionId": 42}) == {
        "consent": MASK,
        "sessionId": MASK,
    }


def test_details_of_a_key_stay_beside_its_secret() -> None:
    described = {"accessKeyId": "ASIAEXAMPLE", "userType": "IAMUser", "userName": "Ada"}
    details = {"accessKeyDetails": described, "secretProperties": {"type": "application/x-pkcs12"}}
    assert Masker().mask_json(details) == details  # GuardDuty, Azure Key Vault
    held = {"accessKeyDetails": {**described, "secretAccessKey": HIDDEN, "other": HIDDEN}}
    masked = {"accessKeyDetails": {**described, "secretAccessKey": MASK, "other": MASK}}
    assert Masker().mask_json(held) == masked
    assert Masker().mask_json({"accessKeyDetails": HIDDEN}) == {"accessKeyDetails": MASK}


def test_no_name_with_a_role_is_passed_over_by_the_quick_search() -> None:
    """The search for stems sees the key alone; a key with another letter has no quick search."""
    for name in list_names(SECRETS) + list_names(NO_SECRETS):
        for part in {name, *split_name(name), "".join(split_name(name))} - {"é"}:
            assert SecretKeys().find_role(part) == SecretKeys(
                extra=frozenset({"never-there"})
            ).find_role(part)
    for word in secret_names._SECRET_ENDS | secret_names._HOLDER_WORDS:  # all of them
        assert SecretKeys().match(word), word


@pytest.mark.parametrize(
    "piece", ["a", "A", "aB", "a1", "1", "_", "password", "for_", "é", "key1", MARKS]
)
def test_the_time_for_a_name_is_in_proportion_to_its_length(piece: str) -> None:
    assert compute_ratio(SecretKeys().find_role, piece, "token") < 80
    assert compute_ratio(describes_secret, piece, "token") < 80
