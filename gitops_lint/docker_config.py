"""Whose credentials a registry gets: what the Docker configuration holds, or the helper program that it names.

Source: docker/cli cli/config/configfile/file.go and docker-credential-helpers (client, credentials), v0.9.3.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import re
import shutil
import subprocess  # noqa: TID251  runs the helper that the user's own configuration names, never one of a checkout
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import PurePath
from typing import TypeAlias

HUB = "docker.io"
TOKEN_USER = "<token>"  # noqa: S105  in the place of a user's name: the password is an identity token
_HUB_KEYS = ("https://index.docker.io/v1/", "index.docker.io", "docker.io", "registry-1.docker.io")
_HELPER = re.compile(r"[A-Za-z0-9][\w.-]*")
_PATIENCE = 60.0  # seconds for a helper, which may ask its user for a password
_NOTHING = ("credentials not found", "no credentials server URL", "no credentials username")

Login: TypeAlias = tuple[str, str]  # user and password
Credentials: TypeAlias = Callable[[str], Login | None]


class RegistryError(Exception):
    """Why a registry gave no digest, without credentials in the message."""


def docker_credentials(config: bytes) -> Credentials:
    """Look up a host's credentials in a Docker configuration: by its helper, by the store of all, or in the file itself.

    Raises RegistryError for a configuration that is none, and when asked for a host whose helper fails. Each host is asked for once.
    """
    try:
        read = json.loads(config or b"{}")
    except ValueError as error:
        raise RegistryError("the Docker configuration is no JSON") from error
    table = {host: _login(entry) for host, entry in _mapping(read, "auths").items()}
    helpers = _mapping(read, "credHelpers")
    store = read.get("credsStore") if isinstance(read, Mapping) else None

    @cache
    def of(host: str) -> Login | None:
        keys = _HUB_KEYS if host == HUB else (host, f"https://{host}", f"https://{host}/", f"https://{host}/v2/")
        helper = next((helpers[key] for key in keys if helpers.get(key)), store)
        if helper:
            return _asked(str(helper), keys[0])
        return next((login for key in keys if (login := table.get(key))), None)

    return of


def _mapping(read: object, key: str) -> Mapping[str, object]:
    found = read.get(key) if isinstance(read, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _login(entry: object) -> Login | None:
    """User and password of an entry: an identity token, or both together in base64, or apart."""
    if not isinstance(entry, Mapping):
        return None
    if isinstance(entry.get("identitytoken"), str) and entry["identitytoken"]:
        return TOKEN_USER, entry["identitytoken"]
    if isinstance(entry.get("username"), str) and isinstance(entry.get("password"), str):
        return entry["username"], entry["password"]
    try:
        user, colon, password = base64.b64decode(str(entry.get("auth", "")), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (user, password.rstrip("\0")) if colon else None


def _asked(helper: str, server: str) -> Login | None:
    """What `docker-credential-HELPER get` answers for a server; None where it has nothing. Raises RegistryError."""
    name = f"docker-credential-{helper}"
    try:
        done = subprocess.run(  # noqa: S603  the name is checked, the server goes in by stdin
            [_program(helper), "get"], input=server.encode(), capture_output=True, timeout=_PATIENCE, check=False, cwd=_elsewhere()
        )
    except subprocess.TimeoutExpired as error:
        raise RegistryError(f"`{name}` gave no answer within {_PATIENCE:g} seconds") from error
    except OSError as error:
        raise RegistryError(f"`{name}` cannot be run: {error.strerror}") from error
    if done.returncode:
        said = done.stdout.decode(errors="replace").strip()  # by the protocol, errors are told on stdout
        if any(word in said for word in _NOTHING):
            return None
        raise RegistryError(f"`{name}` fails with status {done.returncode}")
    try:
        answer = json.loads(done.stdout)
        user, secret = answer["Username"], answer["Secret"]
    except (ValueError, TypeError, KeyError) as error:
        raise RegistryError(f"the answer of `{name}` is none") from error
    return (str(user), str(secret)) if user or secret else None


def _program(helper: str) -> str:
    """The absolute path of a helper. Folders of PATH that are relative are passed over: they would be the checkout's."""
    name = f"docker-credential-{helper}"
    if not _HELPER.fullmatch(helper):
        raise RegistryError("the Docker configuration names a credential helper that is no name")
    folders = [folder for folder in os.environ.get("PATH", os.defpath).split(os.pathsep) if PurePath(folder).is_absolute()]
    found = shutil.which(name, path=os.pathsep.join(folders)) if folders else None
    if found is None:
        raise RegistryError(f"`{name}`, which the Docker configuration names, is not in PATH")
    return found


def _elsewhere() -> str | None:
    return "/" if os.name == "posix" else None  # never a directory of the checkout
