"""What a registry says that a tag is: the digest of its manifest, or of its index where it has several platforms.

Imported with the extra `registry` only.
"""

from __future__ import annotations

import hashlib

import requests
from dxf import DXF, DXFBase
from dxf.exceptions import DXFAuthInsecureError, DXFError, DXFUnauthorizedError
from requests.utils import parse_dict_header

from gitops_lint.docker_config import HUB, TOKEN_USER, Credentials, Login, RegistryError
from gitops_lint.pointers.image import Image, valid_digest

_UNAUTHORIZED = 401
_HUB_HOST = "registry-1.docker.io"
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")  # asked by plain HTTP where they have no TLS, as container engines do
_WORDS = {
    403: "access is denied",
    404: "it has no such tag",
    429: "it has been asked too often; wait, or log in for a higher limit",
}
_REFUSED = "it takes none of the credentials that the Docker configuration has for it"
_UNKNOWN = "it asks for credentials, and the Docker configuration has none for it"
_UNTRUSTED = "CERTIFICATE_VERIFY_FAILED"
_DIGITS = 6  # of the seconds to wait
TIMEOUT = 10.0  # seconds to connect, and between two packets


def digest(image: Image, credentials: Credentials, timeout: float = TIMEOUT) -> str:
    """The digest of a normalized image's tag; `credentials` gives user and password for a host. Raises RegistryError."""
    login = credentials(image.domain)
    try:
        found = _asked(image, login, timeout)
    except DXFAuthInsecureError as error:
        raise RegistryError("it asks for credentials without TLS, and gets none") from error
    except DXFUnauthorizedError as error:
        raise RegistryError(_REFUSED if login else _UNKNOWN) from error
    except requests.HTTPError as error:
        raise RegistryError(_told(error.response, login)) from error
    except requests.Timeout as error:
        raise RegistryError(f"no answer within {timeout:g} seconds") from error
    except requests.exceptions.SSLError as error:
        raise RegistryError("its certificate is not trusted" if _UNTRUSTED in str(error) else "it has no TLS") from error
    except (requests.RequestException, DXFError, ValueError, KeyError) as error:
        raise RegistryError(f"it cannot be asked ({type(error).__name__})") from error
    if not valid_digest(found):
        raise RegistryError("its answer is no digest")
    return found


def _asked(image: Image, login: Login | None, timeout: float) -> str:
    host = _HUB_HOST if image.domain == HUB else image.domain
    if host not in _LOOPBACK and host.rpartition(":")[0] not in _LOOPBACK:
        return _of(host, image, login, timeout)
    try:
        return _of(host, image, login, timeout)
    except requests.ConnectionError as error:
        if _UNTRUSTED in str(error):
            raise
        return _of(host, image, login, timeout, plain=True)


def _of(host: str, image: Image, login: Login | None, timeout: float, *, plain: bool = False) -> str:
    def authenticate(client: DXFBase, response: requests.Response) -> None:
        if login is not None and login[0] == TOKEN_USER and not plain:
            client.token = _exchanged(response, image.path, login[1], timeout)
        else:
            user, password = login or (None, None)
            client.authenticate(user, password, actions=["pull"], response=response)

    client = DXF(host, image.path, auth=authenticate, insecure=plain, timeout=timeout)
    found, _ = client.head_manifest_and_response(image.tag)
    if not found:
        content, _ = client.get_manifest_and_response(image.tag)
        found = "sha256:" + hashlib.sha256(content.encode()).hexdigest()
    return str(found)


def _exchanged(response: requests.Response, repository: str, identity: str, timeout: float) -> str:
    """The token to pull with that a registry's own realm gives for an identity token.

    Source: distribution docs/spec/auth/oauth.md. Raises ValueError where no realm is asked by TLS, KeyError for an answer without a token.
    """
    scheme, _, said = response.headers["www-authenticate"].partition(" ")
    asked = parse_dict_header(said)
    if scheme.lower() != "bearer" or not str(asked.get("realm")).startswith("https://"):
        raise ValueError("an identity token is of no use here")
    form = {
        "grant_type": "refresh_token",
        "client_id": "gitops-lint",
        "service": asked.get("service") or "",
        "scope": f"repository:{repository}:pull",
        "refresh_token": identity,
    }
    answer = requests.post(str(asked["realm"]), data=form, timeout=timeout, allow_redirects=False)
    answer.raise_for_status()
    return str(answer.json()["access_token"])


def _told(response: requests.Response | None, login: Login | None) -> str:
    """What a status means, and for how long one is to wait where the registry says so."""
    status = response.status_code if response is not None else 0
    if status == _UNAUTHORIZED:
        return _REFUSED if login else _UNKNOWN
    after = response.headers.get("Retry-After", "") if response is not None else ""
    wait = f" ({after} seconds)" if after.isdecimal() and len(after) <= _DIGITS else ""
    return _WORDS.get(status, f"it answers with status {status}") + wait
