"""What a registry says that a tag is: the digest of its manifest, or of its index where it has several platforms."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Mapping

from gitops_lint.pointers.image import Image, valid_digest

HUB = "docker.io"
_HUB_HOST = "registry-1.docker.io"
_HUB_KEYS = ("https://index.docker.io/v1/", "index.docker.io", "docker.io", _HUB_HOST)
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")  # asked by plain HTTP, as container engines do
_WORDS = {
    401: "it asks for credentials, and those of the Docker configuration were not enough",
    403: "access is denied",
    404: "it has no such tag",
    429: "it has been asked too often; wait, or log in for a higher limit",
}
TIMEOUT = 10.0  # seconds to connect, and between two packets


class RegistryError(Exception):
    """Why a registry gave no digest, without credentials in the message."""


Credentials = Callable[[str], tuple[str, str] | None]


def digest(image: Image, credentials: Credentials, timeout: float = TIMEOUT) -> str:
    """The digest of a normalized image's tag; `credentials` gives user and password for a host. Raises RegistryError."""
    import requests  # noqa: PLC0415  with the extra only
    from dxf import DXF, DXFBase  # noqa: PLC0415  as above
    from dxf.exceptions import DXFAuthInsecureError, DXFError, DXFUnauthorizedError  # noqa: PLC0415  as above

    host = _HUB_HOST if image.domain == HUB else image.domain
    known = credentials(image.domain)
    user, password = known if known is not None else (None, None)

    def authenticate(client: DXFBase, response: requests.Response) -> None:
        client.authenticate(user, password, actions=["pull"], response=response)

    try:
        client = DXF(host, image.path, auth=authenticate, insecure=_plain(host), timeout=timeout)
        found, _ = client.head_manifest_and_response(image.tag)
        if not found:
            content, _ = client.get_manifest_and_response(image.tag)
            found = "sha256:" + hashlib.sha256(content.encode()).hexdigest()
    except (DXFUnauthorizedError, DXFAuthInsecureError) as error:
        raise RegistryError(_WORDS[401]) from error
    except requests.HTTPError as error:
        status = error.response.status_code if error.response is not None else 0
        raise RegistryError(_WORDS.get(status, f"it answers with status {status}")) from error
    except requests.Timeout as error:
        raise RegistryError(f"no answer within {timeout:g} seconds") from error
    except (requests.RequestException, DXFError, ValueError, KeyError) as error:
        raise RegistryError(f"it cannot be asked ({type(error).__name__})") from error
    if not valid_digest(found):
        raise RegistryError("its answer is no digest")
    return found


def _plain(host: str) -> bool:
    return host.rpartition(":")[0] in _LOOPBACK or host in _LOOPBACK


def docker_credentials(config: bytes) -> Credentials:
    """The credentials that a Docker configuration holds by itself; those that it leaves to a helper program are not asked for.

    Source: docker/cli cli/config/configfile/file.go. Raises RegistryError for a configuration that is none.
    """
    try:
        read = json.loads(config or b"{}")
    except ValueError as error:
        raise RegistryError("the Docker configuration is no JSON") from error
    auths = read.get("auths") if isinstance(read, dict) else None
    table = {str(host): _login(entry) for host, entry in auths.items()} if isinstance(auths, dict) else {}

    def of(host: str) -> tuple[str, str] | None:
        keys = _HUB_KEYS if host == HUB else (host, f"https://{host}", f"https://{host}/", f"https://{host}/v2/")
        return next((table[key] for key in keys if table.get(key)), None)

    return of


def _login(entry: object) -> tuple[str, str] | None:
    """User and password of an entry: together in base64, or apart."""
    if not isinstance(entry, Mapping):
        return None
    if isinstance(entry.get("username"), str) and isinstance(entry.get("password"), str):
        return entry["username"], entry["password"]
    try:
        user, colon, password = base64.b64decode(str(entry.get("auth", "")), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (user, password.rstrip("\0")) if colon else None
