"""A Hub on the loopback: it keeps repositories in memory, speaks huggingface_hub's protocol and notes every request."""

import hashlib
import json
import re
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import unquote, urlsplit

import yaml

WRITER = "hf_writer"
READER = "hf_reader"

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Repository:
    """Snapshots by commit, and the commit of each branch."""

    branches: dict[str, str] = field(default_factory=dict)
    commits: dict[str, dict[str, bytes]] = field(default_factory=dict)
    gated: bool = False

    def commit(self, files: dict[str, bytes], branch: str = "main") -> str:
        """Replace what the branch holds, and return the commit."""
        sha = hashlib.sha1(repr((branch, len(self.commits), sorted(files))).encode()).hexdigest()
        self.commits[sha] = files
        self.branches[branch] = sha
        return sha

    def resolve(self, revision: str) -> str | None:
        sha = self.branches.get(revision, revision)
        return sha if sha in self.commits else None


class LoopbackHub:
    """Start it, give its `url` as HF_ENDPOINT, and read `requests`; `broken` makes it answer everything so."""

    def __init__(self) -> None:
        self.repositories: dict[str, Repository] = {}
        self.blobs: dict[str, bytes] = {}
        self.requests: list[tuple[str, str]] = []
        self.broken: int | None = None
        self._server: ThreadingHTTPServer | None = None
        self._port = 0
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Listen, on the same port as before."""
        handler = type("Handler", (_Handler,), {"hub": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), handler)
        self._server.daemon_threads = True
        self._port = self._server.server_address[1]
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self) -> None:
        """Refuse connections from now on."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def publish(self, name: str, files: dict[str, bytes], branch: str = "main") -> str:
        """Put files on the Hub, and return their commit."""
        return self.repositories.setdefault(name, Repository()).commit(files, branch)

    def asked_for(self, file: str) -> bool:
        return any(path.endswith(f"/{file}") for _, path in self.requests)

    # What follows answers one request each: the parts of the path, who asks, and what was sent.

    def info(self, name: str, revision: str = "main") -> Answer:
        repository = self.repositories.get(name)
        if repository is None:
            return _error(404, "RepoNotFound", "Repository not found")
        sha = repository.resolve(revision)
        if sha is None:
            return _error(404, "RevisionNotFound", f"Invalid rev id: {revision}")
        files = [{"rfilename": path, **_entry(path, data)} for path, data in repository.commits[sha].items()]
        return _json(
            {"id": name, "sha": sha, "siblings": files, "private": False, "tags": [], "gated": repository.gated}
        )

    def tree(self, name: str, revision: str) -> Answer:
        repository = self.repositories[name]
        files = repository.commits[repository.resolve(revision) or ""]
        return _json([{"type": "file", "path": path, **_entry(path, data)} for path, data in files.items()])

    def resolve(self, name: str, revision: str, file: str) -> Answer:
        repository = self.repositories.get(name)
        if repository is None:
            return _error(404, "RepoNotFound", "Repository not found")
        sha = repository.resolve(revision)
        if sha is None:
            return _error(404, "RevisionNotFound", f"Invalid rev id: {revision}")
        if repository.gated:
            return _error(403, "GatedRepo", f"Access to model {name} is restricted")
        data = repository.commits[sha].get(file)
        if data is None:
            return _error(404, "EntryNotFound", "Entry not found", {"X-Repo-Commit": sha})
        if not _is_large(file):
            return 200, {"ETag": f'"{hashlib.sha1(data).hexdigest()}"', "X-Repo-Commit": sha}, data
        oid = hashlib.sha256(data).hexdigest()
        self.blobs[oid] = data
        # As on the Hub, large files are redirected to another host, which huggingface_hub does not ask for metadata.
        linked = {
            "X-Linked-Etag": f'"{oid}"',
            "X-Linked-Size": str(len(data)),
            "Location": f"http://localhost:{self._port}/lfs/{oid}",
        }
        return 302, {"X-Repo-Commit": sha, **linked}, b""

    def create(self, body: bytes) -> Answer:
        wanted = json.loads(body)
        name = f"{wanted['organization']}/{wanted['name']}"
        if name in self.repositories:
            return _json({"error": "You already created this model repo", "url": f"{self.url}/{name}"}, 409)
        self.repositories[name] = Repository(branches={"main": ""})
        return _json({"url": f"{self.url}/{name}", "id": name})

    def validate(self, body: bytes) -> Answer:
        front = re.match(r"---\n(.*?)\n---\n", json.loads(body)["content"], re.DOTALL)
        metadata = yaml.safe_load(front[1]) if front else None
        if not isinstance(metadata, dict) or not isinstance(metadata.get("tags"), list) or "license" not in metadata:
            return _json({"errors": [{"message": '"license" and "tags" are wanted'}], "warnings": []}, 400)
        return _json({"errors": [], "warnings": []})

    def preupload(self, name: str, branch: str, body: bytes) -> Answer:
        if name not in self.repositories:
            return _error(404, "RepoNotFound", "Repository not found")
        if branch not in self.repositories[name].branches:
            return _error(404, "RevisionNotFound", f"Invalid rev id: {branch}")
        paths = [file["path"] for file in json.loads(body)["files"]]
        modes = [
            {"path": path, "uploadMode": "lfs" if _is_large(path) else "regular", "shouldIgnore": False}
            for path in paths
        ]
        return _json({"files": modes})

    def batch(self, _name: str, body: bytes) -> Answer:
        objects = json.loads(body)["objects"]
        uploads = [{**item, "actions": {"upload": {"href": f"{self.url}/lfs/{item['oid']}"}}} for item in objects]
        return _json({"transfer": "basic", "objects": uploads})

    def store(self, oid: str, body: bytes) -> Answer:
        if hashlib.sha256(body).hexdigest() != oid:
            return _error(400, "BadRequest", "The object is not what its name says")
        self.blobs[oid] = body
        return 200, {}, b""

    def fetch(self, oid: str) -> Answer:
        return 200, {"ETag": f'"{oid}"'}, self.blobs[oid]

    def branch(self, name: str, branch: str) -> Answer:
        repository = self.repositories[name]
        if branch in repository.branches:
            return _json({"error": "Reference already exists"}, 409)
        repository.branches[branch] = repository.branches["main"]
        return _json({})

    def commit(self, name: str, branch: str, body: bytes) -> Answer:
        repository = self.repositories[name]
        files = dict(repository.commits.get(repository.branches[branch], {}))
        for line in map(json.loads, body.splitlines()):
            value = line["value"]
            if line["key"] == "file":
                files[value["path"]] = b64decode(value["content"])
            elif line["key"] == "lfsFile":
                files[value["path"]] = self.blobs[value["oid"]]
        sha = repository.commit(files, branch)
        return _json({"success": True, "commitOid": sha, "commitUrl": f"{self.url}/{name}/commit/{sha}"})


_NAME = r"([^/]+/[^/]+)"
_ROUTES: tuple[tuple[str, str, str], ...] = (
    ("GET", rf"/api/models/{_NAME}", "info"),
    ("GET", rf"/api/models/{_NAME}/revision/([^/]+)", "info"),
    ("GET", rf"/api/models/{_NAME}/tree/([^/]+)", "tree"),
    ("GET", rf"/{_NAME}/resolve/([^/]+)/(.+)", "resolve"),
    ("GET", r"/lfs/([0-9a-f]{64})", "fetch"),
    ("PUT", r"/lfs/([0-9a-f]{64})", "store"),
    ("POST", r"/api/repos/create", "create"),
    ("POST", r"/api/validate-yaml", "validate"),
    ("POST", rf"/api/models/{_NAME}/preupload/([^/]+)", "preupload"),
    ("POST", rf"/api/models/{_NAME}/branch/([^/]+)", "branch"),
    ("POST", rf"/api/models/{_NAME}/commit/([^/]+)", "commit"),
    ("POST", rf"/{_NAME}\.git/info/lfs/objects/batch", "batch"),
)
_BODILESS = ("branch",)


class _Handler(BaseHTTPRequestHandler):
    """HTTP/1.0, so that no connection outlives `stop`."""

    hub: LoopbackHub

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        self._answer()

    def _answer(self) -> None:
        path = urlsplit(self.path).path
        self.hub.requests.append((self.command, path))
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, headers, data = self._routed(path, body)
        self.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def _routed(self, path: str, body: bytes) -> Answer:
        if self.hub.broken is not None:
            return _error(self.hub.broken, "", "Internal trouble")
        if self.command == "POST":
            token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
            if token not in (WRITER, READER):
                return _error(401, "", "Invalid username or password.")
            if token == READER:
                return _error(403, "", "You don't have the rights to do that")
        wanted = "GET" if self.command == "HEAD" else self.command
        for method, pattern, name in _ROUTES:
            if method == wanted and (match := re.fullmatch(pattern, path)):
                answer: Callable[..., Answer] = getattr(self.hub, name)
                sent = (body,) if method != "GET" and name not in _BODILESS else ()
                return answer(*map(unquote, match.groups()), *sent)
        return _error(404, "", f"No such page: {path}")

    def log_message(self, *_: Any) -> None:
        """Quiet: `requests` has it."""


def _is_large(path: str) -> bool:
    return path.endswith((".safetensors", ".bin"))


def _entry(path: str, data: bytes) -> dict[str, Any]:
    lfs = {"oid": hashlib.sha256(data).hexdigest(), "size": len(data), "pointerSize": 130}
    lfs["sha256"] = lfs["oid"]
    return {"size": len(data), "oid": hashlib.sha1(data).hexdigest(), **({"lfs": lfs} if _is_large(path) else {})}


def _json(value: Any, status: int = 200) -> Answer:
    return status, {"Content-Type": "application/json"}, json.dumps(value).encode()


def _error(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Answer:
    named = {"X-Error-Code": code, "X-Error-Message": message, "Content-Type": "application/json", **(headers or {})}
    return status, {key: value for key, value in named.items() if value}, json.dumps({"error": message}).encode()
