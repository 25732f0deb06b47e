"""CamVid fetched from a server on the loopback that answers as GitHub does."""

import errno
import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest

from scripts import download_camvid
from scripts.download_camvid import COMMIT, MANIFEST, main
from tests.data.layouts import write_camvid

SPLITS = ("train", "val", "test")


class Repository:
    """Files of a commit over HTTP. `ranges`: whether parts are given. `cut`: file after whose first 100 bytes the
    connection breaks, how often. `wrong`: files sent damaged, how often. `status`: of every answer, if set."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.ranges = True
        self.cut: Counter[str] = Counter()
        self.wrong: Counter[str] = Counter()
        self.status: int | None = None
        self.truncated = False
        self.requests: list[tuple[str, str | None]] = []
        handler = type("Handler", (_Handler,), {"repository": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def asked(self, name: str) -> list[str | None]:
        """The ranges of the requests for a file."""
        return [part for path, part in self.requests if path.endswith(f"/{name}")]

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def tree(self) -> bytes:
        entries: list[dict[str, Any]] = [
            {
                "path": f"CamVid/{name}",
                "type": "blob",
                "size": len(data),
                "sha": hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest(),
            }
            for name, data in self.files.items()
        ]
        strangers = [
            {"path": "CamVid", "type": "tree", "sha": "0"},
            {"path": "Scripts/camvid11.png", "type": "blob", "size": 1, "sha": "0"},
            {"path": "CamVid/../../escaped.png", "type": "blob", "size": 1, "sha": "0"},
        ]
        return json.dumps({"sha": COMMIT, "tree": entries + strangers, "truncated": self.truncated}).encode()


class _Handler(BaseHTTPRequestHandler):
    repository: Repository

    def do_GET(self) -> None:
        path, repository = urlsplit(self.path).path, self.repository
        wanted = self.headers.get("Range")
        repository.requests.append((path, wanted))
        if repository.status is not None:
            self._send(repository.status, b"")
        elif path == f"/api/git/trees/{COMMIT}":
            self._send(200, repository.tree())
        elif (name := path.removeprefix(f"/raw/{COMMIT}/CamVid/")) in repository.files:
            self._file(name, wanted)
        else:
            self._send(404, b"")

    def _file(self, name: str, wanted: str | None) -> None:
        data = self.repository.files[name]
        if self.repository.wrong[name] > 0:
            self.repository.wrong[name] -= 1
            data = bytes(len(data))
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and self.repository.ranges else 0
        cut = self.repository.cut[name] > 0
        self.repository.cut[name] -= cut
        self._send(206 if start else 200, data[start:], 100 if cut else None)

    def _send(self, status: int, data: bytes, only: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[:only])

    def log_message(self, *_: Any) -> None:
        """Quiet: `requests` has it."""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Repository]:
    source = tmp_path / "source"
    for split, count in zip(SPLITS, (3, 1, 2), strict=True):
        write_camvid(source, split, [f"{split}_{i}" for i in range(count)], prefix="/SegNet/CamVid/")
    files = {str(path.relative_to(source)): path.read_bytes() for path in source.rglob("*") if path.is_file()}
    monkeypatch.setattr(download_camvid, "_PAUSES_S", (0.0,))
    repository = Repository(files)
    yield repository
    repository.stop()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "CamVid"


def fetch(repository: Repository, folder: Path) -> None:
    main(folder, url=f"{repository.url}/raw", api=f"{repository.url}/api/")


def same(repository: Repository, folder: Path) -> bool:
    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    files.pop(MANIFEST)
    return files == repository.files


def test_fetches_everything_and_says_what_it_is(
    repository: Repository, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fetch(repository, folder)
    assert same(repository, folder)
    assert not (folder.parents[1] / "escaped.png").exists()
    assert f"CamVid is complete in {folder}: 3 train, 1 val, 2 test." in capsys.readouterr().out
    held = json.loads((folder / MANIFEST).read_text())
    assert held["commit"] == COMMIT
    assert {name: file["sha256"] for name, file in held["files"].items()} == {
        name: hashlib.sha256(data).hexdigest() for name, data in repository.files.items()
    }


def test_a_second_run_fetches_nothing(repository: Repository, folder: Path) -> None:
    fetch(repository, folder)
    repository.requests.clear()
    fetch(repository, folder)
    assert repository.requests == []


def test_goes_on_with_half_a_file(repository: Repository, folder: Path) -> None:
    whole = repository.files["train/train_1.png"]
    (folder / "train").mkdir(parents=True)
    (folder / "train" / ".train_1.png.part").write_bytes(whole[:60])
    fetch(repository, folder)
    assert same(repository, folder)
    assert repository.asked("train/train_1.png") == ["bytes=60-"]


def test_a_broken_connection_is_taken_up_where_it_broke(repository: Repository, folder: Path) -> None:
    repository.cut["val/val_0.png"] = 1
    fetch(repository, folder)
    assert same(repository, folder)
    assert repository.asked("val/val_0.png") == [None, "bytes=100-"]


def test_a_stopped_run_continues(repository: Repository, folder: Path) -> None:
    repository.cut["val/val_0.png"] = 2
    with pytest.raises(SystemExit, match=r"^GitHub cannot be reached .* to continue from here\.$"):
        fetch(repository, folder)
    before = len(repository.requests)
    fetch(repository, folder)
    assert same(repository, folder)
    assert repository.asked("val/val_0.png")[2:] == ["bytes=200-"]
    assert len(repository.requests) < before + len(repository.files)


def test_a_server_that_gives_no_parts_gives_the_whole(repository: Repository, folder: Path) -> None:
    repository.ranges = False
    repository.cut["val/val_0.png"] = 1
    fetch(repository, folder)
    assert same(repository, folder)


def test_a_damaged_file_is_told_and_fetched_again(repository: Repository, folder: Path) -> None:
    fetch(repository, folder)
    path = folder / "testannot" / "test_1.png"
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    (folder / "train" / "train_0.png").unlink()
    repository.requests.clear()
    with pytest.raises(SystemExit, match=r"^2 of 15 files are missing or damaged, .*: run this without --verify"):
        main(folder, verify=True)
    assert repository.requests == []
    fetch(repository, folder)
    assert same(repository, folder)
    assert {part.split("/CamVid/")[1] for part, _ in repository.requests} == {
        "testannot/test_1.png",
        "train/train_0.png",
    }
    main(folder, verify=True)


def test_half_a_file_that_is_damaged_is_dropped(repository: Repository, folder: Path) -> None:
    (folder / "train").mkdir(parents=True)
    (folder / "train" / ".train_1.png.part").write_bytes(bytes(50))
    fetch(repository, folder)
    assert same(repository, folder)
    assert repository.asked("train/train_1.png") == ["bytes=50-", None]


def test_keeps_nothing_with_another_checksum(repository: Repository, folder: Path) -> None:
    repository.wrong["val/val_0.png"] = 2
    with pytest.raises(SystemExit, match=r"val/val_0\.png comes with another checksum than its repository lists"):
        fetch(repository, folder)
    assert list((folder / "val").iterdir()) == []
    fetch(repository, folder)
    assert same(repository, folder)


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (404, "was answered by error 404: check --url, --api and --commit"),
        (403, "GitHub has had too many requests from here: wait an hour"),
        (502, "was answered by error 502: later run the same command again"),
    ],
)
def test_says_what_the_server_refuses(repository: Repository, folder: Path, status: int, sentence: str) -> None:
    repository.status = status
    with pytest.raises(SystemExit, match=sentence):
        fetch(repository, folder)


def test_says_that_nobody_answers(repository: Repository, folder: Path) -> None:
    repository.stop()
    with pytest.raises(SystemExit, match=r"^GitHub cannot be reached \(ConnectError\): check the connection"):
        fetch(repository, folder)
    with pytest.raises(SystemExit, match=r"checksums\.json with the checksums is missing: fetch CamVid once"):
        main(folder, verify=True)


def test_says_that_the_list_is_none(repository: Repository, folder: Path) -> None:
    with pytest.raises(SystemExit, match=r"is not GitHub's list of files: check --api"):
        main(folder, api=f"{repository.url}/raw/{COMMIT}/CamVid/train.txt?")
    repository.truncated = True
    with pytest.raises(SystemExit, match=r"lists no CamVid at commit .*, or not all of it: check --commit"):
        fetch(repository, folder)
    folder.mkdir(exist_ok=True)
    (folder / MANIFEST).write_text("{")
    with pytest.raises(SystemExit, match=r"checksums\.json is damaged: remove it"):
        fetch(repository, folder)


def test_says_that_the_disk_is_full(repository: Repository, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1))
        with pytest.raises(SystemExit, match="CamVid needs 0 MB more and 0 MB are free: free some space"):
            fetch(repository, folder)

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(download_camvid, "atomic_write", full)
        with pytest.raises(SystemExit, match=r"^The disk with .* is full: free some space, then run the same command"):
            fetch(repository, folder)
    fetch(repository, folder)
    assert same(repository, folder)
