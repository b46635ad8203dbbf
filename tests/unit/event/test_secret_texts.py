"""Secrets inside texts, and texts that only look as if they had some."""

import base64
import json
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prooftrail.event import secret_texts
from prooftrail.event.secret_texts import MASK, is_aws_secret_key, mask_text
from tests.support.linear import compute_ratio

HEADER: Final = base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT"}').decode().rstrip("=")
CLAIMS: Final = base64.urlsafe_b64encode(b'{"sub":"1234567890","admin":true}').decode().rstrip("=")
JWT: Final = f"{HEADER}.{CLAIMS}.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"
JWE: Final = f"{HEADER}..48V1_ALb6US04U3b.5eym8TW_c8SuK0ltJ3rpYI.XFBoMYUZodetZdvTiFvSkQ"
KEY_ID: Final = "AKIAIOSFODNN7EXAMPLE"
SECRET_KEY: Final = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"  # noqa: S105  # of AWS's documentation
BASIC: Final = base64.b64encode(b"aladdin:opensesame").decode()
PEM: Final = (
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA0Z3\nxy==\n-----END RSA PRIVATE KEY-----"
)
SECRETS_IN_TEXTS: Final = [
    (PEM, MASK),
    (f"key:\n{PEM}\nend", f"key:\n{MASK}\nend"),
    (json.dumps({"k": PEM}), json.dumps({"k": MASK})),
    ("-----BEGIN PGP PRIVATE KEY BLOCK-----\nlQOYBF", MASK),
    ("-----BEGIN OPENSSH PRIVATE KEY-----\\nb3BlbnNz", MASK),
    (JWT, MASK),
    (f"id_token={JWT}&state=1", f"id_token={MASK}&state=1"),
    (f"encrypted {JWE} too", f"encrypted {MASK} too"),
    (f"unsigned {HEADER}.{CLAIMS}. too", f"unsigned {MASK} too"),
    (f"{KEY_ID}:{SECRET_KEY}", f"{KEY_ID}:{MASK}"),
    (
        f"aws_access_key_id = {KEY_ID}\naws_secret_access_key = {SECRET_KEY}\n",
        f"aws_access_key_id = {KEY_ID}\naws_secret_access_key = {MASK}\n",
    ),
    ("postgres://app:hunter2@db:5432/orders?x=1", f"postgres://app:{MASK}@db:5432/orders?x=1"),
    ("redis://:p4ss@cache:6379/0", f"redis://:{MASK}@cache:6379/0"),
    ("mongodb+srv://u:p@h1,h2/db", f"mongodb+srv://u:{MASK}@h1,h2/db"),
    ("postgres://u:p@ss@db/x", f"postgres://u:{MASK}@db/x"),
    ("postgres://u:pa/ss#w@db/x", f"postgres://u:{MASK}@db/x"),
    ("two: a://u:p@h, b://v:q@i", f"two: a://u:{MASK}@h, b://v:{MASK}@i"),
    ("https:\\/\\/u:p@h\\/", f"https:\\/\\/u:{MASK}@h\\/"),
    ("amqp://u:p@[::1]:5672", f"amqp://u:{MASK}@[::1]:5672"),
    ("Authorization: Bearer mF_9.B5f-4.1JqM", f"Authorization: Bearer {MASK}"),
    (
        "curl -H 'authorization: bearer 0123456789abcdef' x",
        f"curl -H 'authorization: bearer {MASK}' x",
    ),
    (f"Bearer {JWT}", f"Bearer {MASK}"),
    ("BEARER AbCdEfGhIjKlMnOpQrStUvWx", f"BEARER {MASK}"),
    (f"Basic {BASIC}", f"Basic {MASK}"),
    ("https://h/cb?code=4%2FP7q7W91a&state=1", f"https://h/cb?code={MASK}&state=1"),
    ("GET /x?id=7&access_token=abc#top", f"GET /x?id=7&access_token={MASK}#top"),
    (
        "https://s3/x?X-Amz-Date=1&X-Amz-Signature=0f",
        f"https://s3/x?X-Amz-Date=1&X-Amz-Signature={MASK}",
    ),
    ("Server=db;User=sa;Password=p4=ss;X=1", f"Server=db;User=sa;Password={MASK};X=1"),
    ("AccountName=a;AccountKey=Zm9v/Yg==", f"AccountName=a;AccountKey={MASK}"),
    ('{"adminUser":"a","adminPassword":"p\\"w"}', f'{{"adminUser":"a","adminPassword":"{MASK}"}}'),
    ('body: {"token" : "x", "n": 1', f'body: {{"token" : "{MASK}", "n": 1'),
    (f"proxy said: basic  {BASIC}.", f"proxy said: basic  {MASK}."),
    (f"Basic\t{BASIC}, Bearer\ta1b2c3d4e5", f"Basic\t{MASK}, Bearer\t{MASK}"),
    *(
        (f"Basic {base64.b64encode('user:Spaß1234'.encode(code)).decode()}", f"Basic {MASK}")
        for code in ("utf-8", "latin-1")
    ),
    (
        f"AWS_ACCESS_KEY_ID={KEY_ID} AWS_SECRET_ACCESS_KEY={SECRET_KEY}",
        f"AWS_ACCESS_KEY_ID={KEY_ID} AWS_SECRET_ACCESS_KEY={MASK}",
    ),
    (f"{KEY_ID} x={SECRET_KEY}", f"{KEY_ID} x={MASK}"),
    (f"[default]\naws_secret_access_key = {SECRET_KEY}\n", None),
    ("PASSWORD=hunter2 cmd", f"PASSWORD={MASK} cmd"),
    ("password=hunter2", f"password={MASK}"),
    ("export DB_PASSWORD='hunter2 x' && run", f"export DB_PASSWORD='{MASK}' && run"),
    ('Conn(user="a", password="hunter2")', f'Conn(user="a", password="{MASK}")'),
    ('{"run":"pw --password=\\"hunter2\\""}', f'{{"run":"pw --password=\\"{MASK}\\""}}'),
    ("[db]\nuser = app\npassword = hunter2\n", f"[db]\nuser = app\npassword = {MASK}\n"),
    ("postgres://u:$ecret@h", f"postgres://u:{MASK}@h"),
    ("postgres://u:pw@%2Fvar%2Frun/db", f"postgres://u:{MASK}@%2Fvar%2Frun/db"),
    ("a://u:pw@{host}/x and a://u:pw@$HOST", f"a://u:{MASK}@{{host}}/x and a://u:{MASK}@$HOST"),
    ('{"pin": 1234, "n": 1}', f'{{"pin": "{MASK}", "n": 1}}'),
    ('{"password":["x", "y"]', f'{{"password":["{MASK}"]'),
    ("https://a/b?sv=2021&sig=iCvQm6%2Fz%3D&se=1", f"https://a/b?sv=2021&sig={MASK}&se=1"),
    (
        "SharedAccessSignature=sv=2015&sig=iCvQm6%3D&st=x",
        f"SharedAccessSignature={MASK}&sig={MASK}&st=x",
    ),
    ("https://c/a?Expires=1&Signature=nitf4-A~", f"https://c/a?Expires=1&Signature={MASK}"),
    ("ALTER USER x SET PASSWORD = 'a b'", f"ALTER USER x SET PASSWORD = '{MASK}'"),
    ('connect(user = "a", pwd= "b")', f'connect(user = "a", pwd= "{MASK}")'),
    ("STAGE s CREDENTIALS=(AZURE_SAS_TOKEN='?sv=1&c')", f"STAGE s CREDENTIALS={MASK}"),
    (
        "CREDENTIALS=(AWS_SECRET_KEY='a/b' AWS_TOKEN='c')",
        f"CREDENTIALS={MASK} AWS_TOKEN='{MASK}')",
    ),
    ("POST user[name]=a&user[password]=b", f"POST user[name]=a&user[password]={MASK}"),
    ("u%5Bpassword%5D=b&u%5bapi_key%5d=c", f"u%5Bpassword%5D={MASK}&u%5bapi_key%5d={MASK}"),
    (
        "bad {'id': 7, 'password': 'a\\'b', 'pin': 12}",
        f"bad {{'id': 7, 'password': '{MASK}', 'pin': '{MASK}'}}",
    ),
    (str({"token": "it's", "secret": b"x"}), f"{{'token': \"{MASK}\", 'secret': b'{MASK}'}}"),
    (
        json.dumps({"a": json.dumps({"password": 'p"\\w', "pin": 12, "n": 1})}),
        json.dumps({"a": json.dumps({"password": MASK, "pin": MASK, "n": 1})}),
    ),
    ('{"sessionId":"q8Zr42"}', f'{{"sessionId":"{MASK}"}}'),
]
NO_SECRETS: Final = [
    "Basic plan",
    "Basic authentication is off, Basic authorization too",
    "upgraded from Basic to Premium; basic training, Basic edition, BASIC information",
    "Bearer of news",
    "bearer authentication",
    "Bearer token-based authentication, bearer responsibilities/obligations",
    "the Bearer scheme (RFC 6750)",
    "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl\n-----END CERTIFICATE-----",
    "-----BEGIN PUBLIC KEY-----\nMIIBIjANBg\n-----END PUBLIC KEY-----",
    "eyJhbGciOi is how they begin",
    f"{HEADER}",
    "see eyJfoo.txt and eyJbar.eyJbaz",
    KEY_ID,
    f"{KEY_ID} 2fd4e1c67a2d28fced849ee1bb76e7391b93eb12",
    f"s3://bucket/{KEY_ID}/some/long/path/that/is/only/lower/case",
    SECRET_KEY,
    "http://localhost:8080/users/a@b",
    "https://host:443?mail=a@b",
    "http://[2001:db8::1]:8080/x@y",
    "https://example.com/~user:x/@scope",
    "ssh://git@github.com:org/repo.git",
    "git@github.com:org/repo.git",
    "https://registry:5000/image@sha256:0123",
    "mailto:a@b.example, then 10:30 with c@d.example",
    "http://localhost:{port}/@me",
    '{"url":"http://a:b","mail":"x@y.example"}',
    "arn:aws:iam::123456789012:role/a@b",
    "reach me at https://a.example or me@b.example: thanks",
    "10:00 @office",
    "https://h/x?page_token=abc&code=404&sort=name",
    "list?nextToken=abc; then password = x is prose",
    "    token = get_token()",
    "pass=10 fail=2, tokens=5 password=None, token=true",
    '{"pass":10,"tokens":5,"secrets":[]}',
    "https://github.com:org/repo@v1.2",
    "http://host:8080,b@c",
    "postgres://{user}:{password}@{host}/db",
    '{"tokenType":"Bearer","secretName":"db"}',
    "TTY=unknown ; PWD=/root ; USER=root ; COMMAND=/bin/ls",
    "postfix/smtp: relay=none, delay=4.8, dsn=4.4.1, status=deferred",
    "policytype=policy sessionid=933308058 proto=6",
    'auth totp="yes" user=a',
    '{"sessionId":"42","TOTP":"no","session_id":1069796489215002}',
    "System, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089",
    "https://h/x?signature=none&sig=abc; sig=a1b2c3 and signature=a1b2c3",
    "password=''",
    json.dumps({"a": json.dumps({"token": "", "tokens": 5, "sessionId": "42", "secretName": "a"})}),
    "{'tokens': 5, 'token': '', 'secretName': 'db', 'sessionId': 42, 'password': None, 'pin': 0}",
    "list[0]=a, user[name]=b and user%5Bname%5D=c",
]


@pytest.mark.parametrize("text", ["UID=sa;PWD=%s", "PWD=%s;UID=sa", "PWD='%s';UID=sa"])
def test_a_password_of_odbc_is_no_folder(text: str) -> None:
    assert mask_text(text % "/horse") == text % MASK


@pytest.mark.parametrize(("text", "masked"), SECRETS_IN_TEXTS)
def test_a_secret_in_a_text_is_masked_alone(text: str, masked: str | None) -> None:
    masked = masked or text.replace(SECRET_KEY, MASK)
    assert mask_text(text) == masked
    assert mask_text(masked) is masked


@pytest.mark.parametrize("text", NO_SECRETS)
def test_a_text_without_secrets_stays(text: str) -> None:
    assert mask_text(text) is text


def test_a_digest_is_not_a_secret_key_of_aws() -> None:
    assert is_aws_secret_key(SECRET_KEY)
    for text in ("2fd4e1c67a2d28fced849ee1bb76e7391b93eb12", "a/" * 20, SECRET_KEY + "x"):
        assert not is_aws_secret_key(text)


# Pieces of which patterns are made, so that random texts come near every pattern.
PIECES: Final = [
    *(PEM, JWT, JWE, HEADER, CLAIMS, KEY_ID, SECRET_KEY, BASIC, MASK),
    *("-----BEGIN ", "PRIVATE KEY", "-----", "-----END ", "eyJ", "Bearer ", "basic ", "a1b2c3d4"),
    *(
        "?token=",
        "\npin = ",
        "password=",
        '"pin":[',
        '"pin":12',
        "%",
        "$",
        "&code=",
        ";pwd=",
        "&sig=",
        " = '",
        "=('a='",
        "'pin': '",
        "'pin': 1",
        "[pin]=",
        "%5D=",
        '\\"pin\\":\\"',
        '\\"pin\\":1',
        '(u="a',
        '"pin":"',
        '"token"',
        "://",
        "//",
        "\\/",
        "\n",
        *":@/?#'[]=+-_. {",
        '"',
    ),
    *("u", "p4ss", "8080", "é", "\ud800", "\u017f", "\u212a"),
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=12).map("".join))
def test_masking_a_masked_text_changes_nothing(text: str) -> None:
    masked = mask_text(text)
    assert mask_text(masked) is masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ('"pin":"1(u="a?token=b', f'"pin":"{MASK}"a?token={MASK}'),
        ("'pin': \"1(u='a' pwd=b", f"'pin': \"{MASK}"),
        ('"pin":"1=" ' * 20, None),
    ],
)
def test_what_a_mask_uncovers_is_masked_too(text: str, masked: str | None) -> None:
    found = mask_text(text)
    assert masked is None or found == masked
    assert mask_text(found) is found


def test_a_text_that_needs_too_many_searches_is_masked_as_a_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(secret_texts, "_MAX_SEARCHES", 1)
    assert mask_text('"pin":"1(u="a?token=b') == MASK


ADVERSARIES: Final = [
    *("eyJ", "eyJaaaaaaaa.", "eyJaaaaaaaa.eyJ", "-", "-----BEGIN PRIVATE KEY-----"),
    *("-----BEGIN ", "-----BEGIN PRIVATE KEY", "bearer ", "bearer", "Basic ", "Basic QQ=="),
    *("://", "://a:", "://a:b", "://a:b@", "a://b:c/d ", "//:@", ":/:/", "@:", "A" * 40, "AKIA"),
    *(f"{KEY_ID} ", f"{KEY_ID}{SECRET_KEY}", "0a/", " ", "\n", "a", "é", "\\/", "://\\\\"),
    *("a=", "token=", "token='", "token = ", "\ntoken = x", '"a":[', '"pin":1', '"pin":["x"]'),
    *("'a': ", "'a': '", "'pin': 'x'", "'pin': \"", "'", "a]=", "pin]=b&", "%5D="),
    *('\\"a\\":', '\\"pin\\":\\"', '\\"pin\\":\\"a\\"', '\\\\\\"'),
    *("x=(a='", "a = '", "token=a='b'", "?sig=a1b2c3", "?sig="),
    *(":/\\/a:", ":/\\/", ":/\\\\/", ":\\/\\/", ":/\\/a:/b"),
    *("://a:[masked]", "?token=", "?a", "&", ";pwd=x", '"', '"token":"', '"a', '\\"', '"pin": '),
]


@pytest.mark.parametrize("piece", ADVERSARIES)
def test_time_is_in_proportion_to_the_length(piece: str) -> None:
    marks = f"@:eyJ-----BEGIN{KEY_ID} Bearer Basic "  # so that every pattern is tried
    assert compute_ratio(mask_text, piece, marks) < 80
