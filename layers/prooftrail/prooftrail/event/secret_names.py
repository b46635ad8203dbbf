"""Which names belong to secrets: `clientSecret` does, `secretName` does not.

A name is split into words, at separators and at the humps of camelCase. Its last words say what the
value is: `accessToken` is a token, `tokenType` is a type. Names of passwords and keys are known
anywhere in the name (`DB_PASSWORD_PROD`), unless the last word says that the value only describes
the secret.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final
from unicodedata import combining, normalize

from prooftrail.event.patterns import LazyPattern


class Role(StrEnum):
    """What a name says about its value. The role of an ordinary name is empty, and false.

    - `SECRET`: every value is a secret, an object as a whole
    - `HOLDER`: a text is a secret; an object may describe one, as in `secret: {"secretName": …}`
    - `CODE`: a text that looks random is a secret: `code` is one in OAuth, not in `"code": "E42"`
    - `VALUE`: the value may belong to the name beside it, as in `{"name": …, "value": …}`
    - `TEXT`: the name contains a secret itself, as a URL does
    """

    ORDINARY = ""
    SECRET = "secret"  # noqa: S105  # a role, not a secret
    HOLDER = "holder"
    CODE = "code"
    VALUE = "value"
    TEXT = "text"


_BOUNDARY: Final = re.compile(
    r"[\W_]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[^\W\d_])(?=\d+$)"
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that end in these are secrets, also in one with others: `dbpassword`.
_PASSWORD: Final = LazyPattern(
    "[a-z0-9]*(password|passwd|passphrase|passcode|passwort|kennwort|motdepasse|contrasena)s?"
    "|(db|my|sql|user)?pwd"
)
_PASSWORD_ENDS: Final = tuple(
    f"{word}{plural}"
    for word in _words(
        "password passwd passphrase passcode passwort kennwort motdepasse contrasena pwd"
    )
    for plural in ("", "s")
)
_HELD: Final = LazyPattern("[a-z0-9]*(token|cookie|credential|secret)s?")
_HELD_ENDS: Final = tuple(
    f"{word}{plural}"
    for word in ("token", "cookie", "credential", "secret")
    for plural in ("", "s")
)
_AFTER_PASS: Final = _words("code codes phrase phrases wd word words")
_SECRET_WORDS: Final = _words("""
    bearer connectionstring connstr creds csc csrf csrfmiddlewaretoken cvc cvv dockercfg
    dockerconfigjson dsn hotp jsessionid jwt jwts mnemonic otp passkey passkeys phpsessid pin
    pincode psk pw sessid totp xsrf
""")
_HOLDER_WORDS: Final = _words("authorization credential credentials secret secrets")
# The last two or three words of a name, joined. A key is a secret by the word before it.
_SECRET_KEYS: Final = _words("""
    accesskey accountkey activationkey apikey applicationkey authkey decryptionkey
    encryptioncustomerkey encryptionkey enrollmentkey functionkey hmackey hostkey licensekey
    masterkey presharedkey privatekey provisioningkey recoverykey registrationkey secretkey
    servicekey sessionkey sharedkey signingkey ssecustomerkey sshkey sslkey storagekey
    subscriptionkey symmetrickey tlskey tsigkey unsealkey webhookkey wrappingkey
""")
_SECRET_ENDS: Final = (
    _SECRET_WORDS
    | _SECRET_KEYS
    | {f"{key}s" for key in _SECRET_KEYS}
    | _words("""
    2facode accesscode activationcode authcode authheader authorizationcode authticket
    backupcode backupcodes basicauth bindingcode bindpw cardnumber clientassertion clientkeydata
    codeverifier confirmationcode connectionstring connectsid connstr dbpass devicecode
    emailpass factorcode ftppass httpauth keymaterial keypass keystorepass ldappass logincode
    loginticket mailpass mfacode mysqlpass oauthverifier oobcode otpattempt otpcode pairingcode
    passcode passcodes pgpass pinnumber proxyauth proxypass recoverycode recoverycodes
    recoveryphrase redisauth redispass registryauth resetcode resetticket rootpass rootpw
    samlassertion samlresponse secretanswer secretkeybase securityanswer securitycode seedphrase
    sharedaccesssignature smscode smtppass sslpass storepass userpass usersession
    verificationcode xamzsignature xgoogsignature
""")
)
# The whole name: a cookie's session, not one of a mirror, a terminal or an identity provider.
_SECRET_WHOLE: Final = LazyPattern(
    "pass|(aspnet|auth|browser|current|http|login|my|new|old|php|user|web)?sessionid"
)
_SECRET_WHOLE_ENDS: Final = ("pass", "sessionid")
_CODE_WHOLE: Final = _words("auth code sid")
# These end like secrets but are not secret: pages of a list, keys of idempotency, a setting of EC2,
# the digest of a public key in the names of .NET, the rights of a process in Windows, digests of
# tokens and last digits, by which auditors search.
_ORDINARY_ENDS: Final = _words("""
    cancellationtoken changetoken clientrequesttoken clienttoken continuationtoken continuetoken
    creatortoken elevatedtoken elevationtoken hashedtoken httptokens idempotencytoken last4
    lasteight lastfour markertoken nexttoken pagetoken paginationtoken publickeytoken synctoken
""")
# A product of this name, and questions: `hasPassword`.
_PRODUCT: Final = LazyPattern("(?<![A-Za-z0-9])(?:1|one)password", re.IGNORECASE)
_QUESTIONS: Final = _words("are can force has is must needs requires should supports was")
_COUNTED_TOKENS: Final = LazyPattern(
    ".*(audio|cached|completion|input|max|min|num|output|prompt|reasoning|total|used)tokens"
    "|tokensused"
)
_COUNTED_ENDS: Final = ("tokens", "tokensused")
# What a name contains that has a password anywhere.
_STRONG: Final = LazyPattern("pass|secret|wort|contrasena|pwd")
# The last word of a name that describes a secret: `passwordPolicy`, `secretArn`.
_ABOUT: Final = _words("""
    action actions added age alert alg algorithm alias allowed arn arns at attack attacks
    attempt attempts audience auth authentication category challenge change changed changes
    check checker class client comment complexity config configuration consent context count
    counts created creation date days decision deleted description destination detected
    detection dictionary disabled domain duration enabled endpoint enforced enforcement engine
    engines error errors event events exchange exists expiration expire expired expires expiry
    failed failure file filename fingerprint fingerprints flow format generation generator
    granted group groups guid hint history host hours id ids in info information issuer jti kind
    label last leak leaked length level lifetime limit link location manager max maximum
    metadata method methods min minimum minutes missing mode name names number on operation
    option options owner page path period permission permissions policies policy prefix
    principal prompt property provider question quota reason ref reference references region
    removed required requirement requirements reset resource resources result retries revoked
    role roles rotated rotation rule rules scan scanning scope scopes score seconds selector
    service set settings size source spray spraying stage state status store strength stuffing
    subject success system threshold thumbprint thumbprints time timestamp title total ttl type
    types update updated uri url usage use used user username users uses uuid valid validation
    validator validity vault version versions violation violations
""")
# What an object can have beside a secret, or instead of one: GuardDuty's `accessKeyDetails`.
_DETAILS: Final = _words("detail details properties")
# Trailing words that say nothing: `secretValue`, `new_password_again`.
_EMPTY: Final = _words("""
    again array b64 base64 binary blob body confirm confirmation content current data encoded env
    field header json list new old param parameter payload pem plain plaintext prev previous raw
    repeat str string text v value values variable
""")
# The number of an error or an order (`ORD-2024-0001`), a hexadecimal one, security identifiers of
# Windows, a UUID.
_STATUS: Final = LazyPattern(
    r"[A-Za-z][A-Za-z_. -]{0,23}[0-9]{1,13}[A-Za-z]?|0x[0-9A-Fa-f]{1,16}"
    r"|([\s,%]*+\{?S-1-[0-9-]++\}?)+"
    "|[A-Za-z]{2,12}([-_/.][0-9]{1,8}){2,4}|[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
)
# What is written for an absent value and for yes and no: `%%1842` in Windows, `[]` in Entra. It can
# be a password, though.
_CLAIMS: Final = _words("""
    - n/a na no yes false true none null nil undefined %%1842 %%1843 [] {} ""
""")
_MAIL_STATUS: Final = LazyPattern(r"[245](\.[0-9]{1,3}){2}")  # RFC 3463
_FOLDERS: Final = _words("PWD OLDPWD")  # variables of a shell
_PATH: Final = LazyPattern(r"(?:/[\w.@ -]*+)++")
# A session's id that is secret has at least 64 random bits; shorter numbers count sessions.
_MAX_COUNTED_DIGITS: Final = 16
_SEPARATORS: Final = str.maketrans("", "", "_- .")
_MAX_NAME_LENGTH: Final = 256
_MIN_CODE_LENGTH: Final = 6
_SEARCHED_LENGTH: Final = 256
_VALUE_WORDS: Final = _words("value values")
# In a list of changes, and in a field with its default: `{"field": …, "old": …, "new": …}`.
_VALUE_WHOLE: Final = _words("""
    after before changedfrom changedto current default from new old original previous to
""")
# The keys whose value names what another key of the same object has the value of.
NAMING_KEYS: Final = tuple(
    spelling
    for name in (
        *("name", "key", "parameterKey", "parameterName", "optionName", "displayName", "field"),
        *("fieldName", "header", "headerName", "attribute", "attributeName", "property"),
        *("propertyName", "column", "columnName", "setting", "variable", "path"),
    )
    for spelling in (name, name[0].upper() + name[1:])
)
# What an object has beside a secret, and lists that only point to its parts.
_PARTS: Final = _words("items scheme")

# Every name with a role contains one of these, in a word of its own: most names are done with this.
_STEM: Final = re.compile(
    "^(?:after|before|changed.?(?:from|to)|current|default|from|new|old|original|previous|to)$|"
    "ans|assert|auth|bearer|card|code|conn|contra|cookie|cred|cs[cr]|cv[cv]|dsn|jwt|kenn|key|"
    "docker|material|mnemonic|mot|oob|otp|pass|phrase|pin|psk|pw|response|secret|session|sid|sig|"
    "string|ticket|token|valu|verifier|xsrf",
)


def split_name(name: str) -> list[str]:
    """Return the words at the end of a name, in lower case, without accents.

    >>> split_name("X-Amz-SecurityToken"), split_name("contraseña2")
    (['x', 'amz', 'security', 'token'], ['contrasena', '2'])
    """
    name = name[-_MAX_NAME_LENGTH:]  # the last words decide, and NFKD takes quadratic time
    if not name.isascii():  # full-width letters become ASCII, and ñ becomes n
        name = "".join(char for char in normalize("NFKD", name) if not combining(char))
    return [word.lower() for word in _BOUNDARY.split(name) if word]


def has_name(words: Sequence[str], names: Iterable[Sequence[str]]) -> bool:
    """Return whether a key has one of these names, or contains one as whole words.

    Key and names are split into words. A name without words matches nothing.

    >>> [has_name(split_name(key), [["iban"]]) for key in ("customerIban", "IBAN", "ibanish")]
    [True, True, False]
    """
    joined = "".join(words)
    spaced = f" {' '.join(words)} "
    return any(f" {' '.join(name)} " in spaced or "".join(name) == joined for name in names if name)


def describes_secret(name: str) -> bool:
    """Return whether a name within the object of a secret is one of its description.

    >>> [name for name in ("secretName", "accessKeyId", "github") if describes_secret(name)]
    ['secretName', 'accessKeyId']
    """
    words = split_name(name)
    return bool(words) and (words[-1] in _ABOUT or words[-1] in _PARTS)


def is_harmless(name: str, text: str) -> bool:
    """Return whether a text shows that it is no secret, though its name is that of one.

    >>> [is_harmless(*each) for each in (("totp", "yes"), ("PWD", "/srv"), ("sessionId", "42"))]
    [True, True, True]
    >>> [is_harmless(*each) for each in (("sessionId", "q8Zr42"), ("pwd", "hunter2"))]
    [False, False]
    """
    if text.startswith("/"):
        return name in _FOLDERS and _is_folder(text)
    if len(text) > _MAX_COUNTED_DIGITS:  # longer than each of the following
        return False
    if text.isdigit():
        return text.isascii() and _names_session(name)
    if text.lower() in _CLAIMS:
        return not _STRONG.search(name.lower())
    return name[-3:].lower() == "dsn" and _MAIL_STATUS.fullmatch(text) is not None


def _is_folder(text: str) -> bool:
    """Return whether a text is the path of a folder, not a password that begins with a slash."""
    return _PATH.fullmatch(text) is not None and not any(map(looks_random, text.split("/")))


def is_session_number(name: str, number: float) -> bool:
    """Return whether a number counts sessions, though its name is that of a session's id."""
    return abs(number) < 10**_MAX_COUNTED_DIGITS and _names_session(name)


def _names_session(name: str) -> bool:
    """Return whether a name ends with "session id", as `browser_session_id` does."""
    return name.lower().translate(_SEPARATORS).endswith("sessionid")


def looks_random(text: str) -> bool:
    """Return whether a text looks like a code of OAuth or a one-time code, not like a status.

    >>> [text for text in ("4/P7q7W91a-oMs", "123456", "404", "E42", "AccessDenied")
    ...  if looks_random(text)]
    ['4/P7q7W91a-oMs', '123456']
    """
    has_digit = any("0" <= char <= "9" for char in text[:_SEARCHED_LENGTH])
    return len(text) >= _MIN_CODE_LENGTH and has_digit and not _STATUS.fullmatch(text)


@dataclass(frozen=True, slots=True)
class SecretKeys:
    """The names of keys that contain secrets. Case and separators do not matter.

    A name in `extra` matches the key with that name, and keys that contain it as whole words:
    `iban` matches `customerIban`. A name in `exceptions` matches whole keys and overrides all else.

    >>> keys = SecretKeys(extra=frozenset({"iban"}), exceptions=frozenset({"cookie"}))
    >>> [key for key in ("API-Key", "customer_iban", "cookie", "secretName") if keys.match(key)]
    ['API-Key', 'customer_iban']
    """

    extra: frozenset[str] = frozenset()
    exceptions: frozenset[str] = frozenset()

    def match(self, key: str) -> bool:
        """Return whether a text under this key is masked, at least if it looks random."""
        return self.find_role(key) not in {Role.ORDINARY, Role.VALUE}

    def find_role(self, key: str) -> Role:
        """Return what the key says about its value."""
        key = key[-_MAX_NAME_LENGTH:]
        if key.isascii() and not self.extra and not _STEM.search(key.lower()):
            return Role.ORDINARY
        words = _join_pass(split_name(_PRODUCT.sub("", key) if "assword" in key.lower() else key))
        joined = "".join(words)
        if self.exceptions and joined in {"".join(split_name(name)) for name in self.exceptions}:
            return Role.ORDINARY
        if self.extra and has_name(words, map(split_name, self.extra)):
            return Role.SECRET
        return _find_role_of_words(words, joined)

    def has_extra(self, key: str) -> bool:
        """Return whether every value under this key is a secret, because `extra` names it."""
        return bool(self.extra) and has_name(split_name(key), map(split_name, self.extra))


def _join_pass(words: list[str]) -> list[str]:
    """Return the words with `pass` and `word` as one: `passWord` is `password`."""
    if "pass" not in words:
        return words
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] == "pass" and word in _AFTER_PASS:
            joined[-1] += word
        else:
            joined.append(word)
    return joined


def _drop_digits(words: Sequence[str]) -> Sequence[str]:
    """Return the words without the digits at their ends: `token2_value` is `token_value`."""
    return [word if word in _EMPTY else word.rstrip("0123456789") or word for word in words]


def _drop_empty_words(words: Sequence[str]) -> Sequence[str]:
    count = len(words)
    if "for" in words[1:]:  # token_for_billing
        count = words.index("for", 1)
    while count > 1 and (words[count - 1] in _EMPTY or words[count - 1].isdigit()):
        count -= 1
    return words if count == len(words) else words[:count]


def _find_role_of_words(words: Sequence[str], joined: str) -> Role:
    """Return the role of a name, of which trailing words and digits may say nothing."""
    role = _find_role(words, joined)
    if not role and (kept := _drop_empty_words(words)) is not words:
        role = _find_role(kept, "".join(kept))
    if not role and not joined.isalpha() and (bare := _drop_digits(words)) != words:
        kept = _drop_empty_words(bare)
        role = _find_role(kept, "".join(kept))
    if not role and words and (words[-1] in _VALUE_WORDS or joined in _VALUE_WHOLE):
        return Role.VALUE
    return role


def _find_role(words: Sequence[str], joined: str) -> Role:
    """Return the role of a name by its words, and these joined.

    A sender can make up any names, so each expensive step follows a cheap one.
    """
    if not words or words[0] in _QUESTIONS:
        return Role.ORDINARY
    last = words[-1]
    if len(words) == 1 and last in _CODE_WHOLE:
        return Role.CODE
    ends = {last, "".join(words[-2:]), "".join(words[-3:])}
    if not ends.isdisjoint(_ORDINARY_ENDS) or (
        joined.endswith(_COUNTED_ENDS) and _COUNTED_TOKENS.fullmatch(joined)
    ):
        return Role.ORDINARY
    is_held = last.endswith(_HELD_ENDS) and _HELD.fullmatch(last)
    if last in _HOLDER_WORDS or is_held or _is_key(ends):
        return Role.HOLDER
    if not ends.isdisjoint(_SECRET_ENDS) or (
        joined.endswith(_SECRET_WHOLE_ENDS) and _SECRET_WHOLE.fullmatch(joined)
    ):
        return Role.SECRET
    if _is_password(last):
        return Role.SECRET
    if last not in _ABOUT and _has_strong_words(words, joined):
        return Role.HOLDER if last in _DETAILS else Role.SECRET
    return Role.ORDINARY


def _is_key(ends: set[str]) -> bool:
    """Return whether it is a key that an object may describe; a private key is always a secret."""
    return not ends.isdisjoint(_SECRET_KEYS) and ends.isdisjoint({"privatekey", "secretkey"})


def _is_password(word: str) -> bool:
    return word.endswith(_PASSWORD_ENDS) and _PASSWORD.fullmatch(word) is not None


def _has_strong_words(words: Sequence[str], joined: str) -> bool:
    """Return whether a password or a key is named anywhere, as in `DB_PASSWORD_PROD`."""
    if _STRONG.search(joined) and any(
        _is_password(word) or word in {"secret", "secrets"} for word in words
    ):
        return True
    return "key" in joined and any(
        f"{first}{second}" in _SECRET_KEYS for first, second in pairwise(words)
    )
