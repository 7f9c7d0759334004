"""Registries on this machine: the real process, with or without TLS and login, and what is pushed to it."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import dxf
import pytest
import requests

REGISTRY = shutil.which("docker-registry") or ""
MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
INDEX = "application/vnd.docker.distribution.manifest.list.v2+json"
needs_registry = [pytest.mark.slow, pytest.mark.skipif(not REGISTRY, reason="no docker-registry to ask")]


class Certificate(NamedTuple):
    """A certificate for this machine that signs itself, and its key."""

    public: Path
    key: Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def certificate(folder: Path) -> Certificate:
    made = Certificate(folder / "cert.pem", folder / "key.pem")
    about = ["-subj", "/CN=registry", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-out", str(made.public), "-keyout", str(made.key), *about]
    subprocess.run(command, check=True, capture_output=True)
    return made


@contextmanager
def running(folder: Path, auth: str = "", tls: Certificate | None = None) -> Iterator[str]:
    """A registry that keeps nothing, by its host and port."""
    host = f"127.0.0.1:{free_port()}"
    config = folder / "registry.yml"
    shown = f", tls: {{certificate: '{tls.public}', key: '{tls.key}'}}" if tls else ""
    config.write_text(f"version: 0.1\nlog: {{level: error}}\nstorage: {{inmemory: {{}}}}\nhttp: {{addr: '{host}'{shown}}}\n{auth}")
    with subprocess.Popen([REGISTRY, "serve", config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(200):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", int(host.rpartition(":")[2]))) == 0:
                        break
                time.sleep(0.05)
            yield host
        finally:
            process.terminate()


def push(host: str, repository: str, tag: str, *, several: bool = False, login: tuple[str, str] | None = None) -> str:
    """Push an image of no layers, or an index of two such, and give its digest. With a login, by TLS."""

    def authenticate(client: dxf.DXFBase, response: requests.Response) -> None:
        user, password = login or (None, None)
        client.authenticate(user, password, actions=["push", "pull"], response=response)

    client = dxf.DXF(host, repository, auth=authenticate if login else None, insecure=login is None, timeout=10)
    members = []
    for platform in ("amd64", "arm64") if several else ("amd64",):
        blob = json.dumps({"architecture": platform, "os": "linux", "rootfs": {"type": "layers", "diff_ids": []}}).encode()
        config = client.push_blob(data=iter([blob]), digest="sha256:" + hashlib.sha256(blob).hexdigest())
        of_config = {"mediaType": "application/vnd.docker.container.image.v1+json", "size": len(blob), "digest": config}
        text = json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "config": of_config, "layers": []})
        own = "sha256:" + hashlib.sha256(text.encode()).hexdigest()
        put(client, own if several else tag, text, MANIFEST)
        members.append({"mediaType": MANIFEST, "size": len(text), "digest": own, "platform": {"architecture": platform, "os": "linux"}})
    if not several:
        return str(members[0]["digest"])
    text = json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": members})
    put(client, tag, text, INDEX)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def put(client: object, name: str, text: str, kind: str) -> None:
    client._request("put", f"manifests/{name}", data=text, headers={"Content-Type": kind})  # type: ignore[attr-defined]  # noqa: SLF001  it has no public way to push an index


@contextmanager
def realm(tls: Certificate, login: tuple[str, str], identity: str = "") -> Iterator[str]:
    """A server of tokens for whoever has the login, or comes with the identity token, by its address.

    Source: distribution docs/spec/auth/token.md and oauth.md.
    """
    basic = "Basic " + base64.b64encode(":".join(login).encode()).decode()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = parse_qs(urlsplit(self.path).query)
            self.answer("token" if self.headers.get("Authorization") == basic else "", asked)

        def do_POST(self) -> None:
            asked = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            right = bool(identity) and asked["grant_type"] == ["refresh_token"] and asked["refresh_token"] == [identity]
            self.answer("access_token" if right else "", asked)

        def answer(self, key: str, asked: dict[str, list[str]]) -> None:
            body = json.dumps({key: token(tls, asked["service"][0], asked["scope"][0])} if key else {}).encode()
            self.send_response(200 if key else 401)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with serving(Answer, tls) as port:
        yield f"https://127.0.0.1:{port}/token"


@contextmanager
def serving(answer: Callable[..., BaseHTTPRequestHandler], tls: Certificate | None = None) -> Iterator[int]:
    """A server that answers so, by its port."""
    with HTTPServer(("127.0.0.1", 0), answer) as server:
        if tls is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tls.public, tls.key)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def token(tls: Certificate, service: str, scope: str) -> str:
    """A token for one repository, signed by a certificate that the registry trusts."""
    kind, name, actions = scope.split(":")
    now = int(time.time())
    claims = {"iss": "acme", "sub": "me", "aud": service, "nbf": now - 10, "iat": now - 10, "exp": now + 60, "jti": "1"}
    access = [{"type": kind, "name": name, "actions": actions.split(",")}]
    der = base64.b64encode(ssl.PEM_cert_to_DER_cert(tls.public.read_text())).decode()
    signed = ".".join(
        _part(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "RS256", "x5c": [der]}, {**claims, "access": access})
    )
    done = subprocess.run(["openssl", "dgst", "-sha256", "-sign", tls.key], input=signed.encode(), capture_output=True, check=True)
    return f"{signed}.{_part(done.stdout)}"


def _part(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
