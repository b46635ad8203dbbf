"""The stack's API, with requests that an operator's credentials sign (Signature Version 4)."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest, AWSResponse
from botocore.credentials import Credentials, ReadOnlyCredentials
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004  # botocore's
    HTTPClientError,
    NoCredentialsError,
)
from botocore.httpsession import URLLib3Session
from botocore.utils import get_environ_proxies
from urllib3.exceptions import HTTPError

from prooftrail.aws.errors import to_store_error
from prooftrail.errors import (
    ConfigurationError,
    CredentialsError,
    StoreRejectedError,
    StoreUnavailableError,
)

SERVICE: Final = "execute-api"
CONNECT_SECONDS: Final = 5
RESPONSE_SECONDS: Final = 35  # API Gateway ends a request after 29 s
MAX_RESPONSE_BYTES: Final = 10 * 1024 * 1024  # the limit of API Gateway
_CHUNK_BYTES: Final = 64 * 1024
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
# What API Gateway says when it refuses the credentials, not the caller: `x-amzn-ErrorType`.
_CREDENTIAL_FAULTS: Final = frozenset(
    {
        "ExpiredTokenException",
        "IncompleteSignatureException",
        "InvalidSignatureException",
        "UnrecognizedClientException",
    }
)

LoadCredentials = Callable[[], Credentials | None]
Parameters = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ApiResponse:
    """A response of the API. The names of `headers` are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class SignedApi:
    """GET requests to the API at `url`, the stack's output `ApiUrl`. Threads can share it.

    Credentials are loaded on first use, and again after AWS has refused them: an operator can
    renew them meanwhile.
    """

    def __init__(self, url: str, region: str, load_credentials: LoadCredentials) -> None:
        self.url = check_api_url(url)
        self._region = region
        self._load_credentials = load_credentials
        self._credentials: Credentials | None = None
        self._lock = Lock()
        self._http = URLLib3Session(
            timeout=(CONNECT_SECONDS, RESPONSE_SECONDS),  # type: ignore[arg-type]  # the stub errs
            proxies=get_environ_proxies(self.url),
        )

    def get(self, path: str, parameters: Parameters = ()) -> ApiResponse:
        """Return the response to a GET of the path, which begins with a slash.

        Redirects are not followed.

        Raises:
            CredentialsError: the credentials are missing, have expired, or are refused.
            StoreUnavailableError: the API cannot be reached or does not respond in time.
            StoreRejectedError: the response is larger than any of the API.
        """
        query = f"?{urlencode(parameters, quote_via=quote, safe='')}" if parameters else ""
        request = AWSRequest("GET", f"{self.url}{path}{query}", stream_output=True)
        request.headers["User-Agent"] = "prooftrail-console"
        SigV4Auth(self._freeze_credentials(), SERVICE, self._region).add_auth(request)
        deadline = time.monotonic() + RESPONSE_SECONDS
        try:
            received = self._http.send(request.prepare())
            body = b"".join(_read_body(received, deadline))
        except BotoCoreError as error:
            raise to_store_error(error) from error
        except (HTTPError, OSError) as error:  # while the body is read
            raise StoreUnavailableError("the connection to the API broke") from error
        response = ApiResponse(
            received.status_code,
            {name.lower(): value for name, value in received.headers.items()},
            body,
        )
        self._check_credentials(response)
        return response

    def _freeze_credentials(self) -> ReadOnlyCredentials:
        """Return the credentials of this moment.

        Raises:
            CredentialsError: they are missing or cannot be renewed.
            StoreUnavailableError: where they come from cannot be reached.
        """
        with self._lock:
            try:
                if self._credentials is None:
                    self._credentials = self._load_credentials()
                if self._credentials is None:
                    raise NoCredentialsError
                return self._credentials.get_frozen_credentials()
            except (ConnectionError, HTTPClientError) as error:
                raise to_store_error(error) from error
            except (BotoCoreError, ClientError) as error:
                self._credentials = None
                raise CredentialsError("AWS credentials are missing or have expired") from error

    def _check_credentials(self, response: ApiResponse) -> None:
        fault = response.headers.get("x-amzn-errortype", "").partition(":")[0]
        if fault in _CREDENTIAL_FAULTS:
            with self._lock:
                self._credentials = None
            raise CredentialsError(f"AWS refuses the credentials ({fault})")


def check_api_url(url: str) -> str:
    """Return the API's address without a slash at its end.

    Raises:
        ConfigurationError: it is not an https address, nor one of this machine.
    """
    parts = urlsplit(url)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    if not is_safe or not parts.hostname or "@" in parts.netloc or parts.query or parts.fragment:
        raise ConfigurationError(f"ApiUrl: must be an https address (got {url[:200]!r})")
    return url.rstrip("/")


def _read_body(response: AWSResponse, deadline: float) -> Iterator[bytes]:
    size = 0
    for chunk in response.raw.stream(_CHUNK_BYTES):
        size += len(chunk)
        if size > MAX_RESPONSE_BYTES:
            response.raw.close()
            raise StoreRejectedError(f"the API's response has over {MAX_RESPONSE_BYTES:,} bytes")
        if time.monotonic() > deadline:
            response.raw.close()
            raise StoreUnavailableError("the API does not respond in time")
        yield chunk
