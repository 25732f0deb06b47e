"""Weights on disk: `model.safetensors` and a `config.json` that carries their SHA-256 and its own.

A folder is written so that a crash leaves either the old checkpoint, the new one, or a pair the SHA-256 tells apart;
it is read so that nothing damaged, pickled or foreign becomes a network.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor, nn

from segnode.disk import expand_home, write_together
from segnode.errors import CheckpointError

WEIGHTS = "model.safetensors"
CONFIG = "config.json"
CARD = "README.md"
#: Beside the weights where it was measured; see `segnode.familiarity`.
FAMILIARITY = "familiarity.safetensors"
#: Beside the weights where they were scored; see `scripts/evaluate.py`.
EVALUATION = "evaluation.json"

FORMAT = 2
#: Checkpoints of the first format say nothing of their `config.json`; they are read as before.
_UNSEALED = 1
MAX_CONFIG_BYTES = 1_000_000
MAX_WEIGHTS_BYTES = 4_000_000_000

PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle")
#: Keys of `config.json` that are this module's, not the network's.
RESERVED = ("format", "sha256", "config_sha256")
#: What stands for the digest of `config.json` while that is taken.
_BLANK = "0" * 64


@dataclass(frozen=True)
class Saved:
    """A checkpoint as read: the network's settings, its tensors on the CPU, and the weights file's SHA-256 in hex."""

    settings: dict[str, Any]
    tensors: dict[str, Tensor]
    sha256: str


def save(folder: str | Path, tensors: Mapping[str, Tensor], settings: Mapping[str, Any]) -> None:
    """Write `tensors` and `settings` as a checkpoint in `folder`, made if need be.

    Both files are complete on disk before either is put in place. Raises `CheckpointError` for settings that are not
    JSON, and when the disk refuses.
    """
    folder = expand_home(folder)
    if taken := [key for key in RESERVED if key in settings]:
        raise CheckpointError(f"The settings may not be named {' or '.join(taken)}: rename them, these are the file's.")
    plain = {
        name: tensor.detach().to("cpu", memory_format=torch.contiguous_format, copy=True)
        for name, tensor in tensors.items()
    }
    weights = safetensors.torch.save(plain)
    record = {
        **settings,
        "format": FORMAT,
        "sha256": hashlib.sha256(weights).hexdigest(),
        "config_sha256": _BLANK,
    }
    try:
        text = json.dumps(record, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"
        config = _sealed(text.encode())
    except (TypeError, ValueError) as error:
        raise CheckpointError(f"The settings cannot be saved as JSON ({error}): keep to plain values.") from error
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_together({folder / WEIGHTS: weights, folder / CONFIG: config})
    except OSError as error:
        raise CheckpointError(
            f"The checkpoint could not be written to {folder} ({_reason(error)}): free some space or choose another."
        ) from error


def halved(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """`tensors` to be saved at half the size: weights of convolutions as float16, the rest as it is.

    Norms and biases are vectors, a hundredth of all values, and the statistics of a norm may not fit into float16.
    `load_strictly` brings all of them back to the precision of the module. Raises `CheckpointError` for a weight too
    large for float16.
    """
    large = torch.finfo(torch.float16).max
    half = {}
    for name, tensor in tensors.items():
        is_weight = tensor.is_floating_point() and tensor.ndim > 1
        if is_weight and tensor.abs().max() > large:
            raise CheckpointError(f"{name} holds a value above {large:g}, too large for float16: save it as it is.")
        half[name] = tensor.half() if is_weight else tensor
    return half


def load(folder: str | Path) -> Saved:
    """The checkpoint in `folder`, whole and unaltered since it was saved.

    Raises `CheckpointError` when a file is missing, too large, damaged, of an unknown format, or a pickle, which is
    never opened.
    """
    folder = expand_home(folder)
    try:
        _must_hold_weights(folder)
    except OSError as error:
        raise CheckpointError(
            f"{folder} could not be read ({_reason(error)}): check its name and permissions."
        ) from error
    config = _read(folder / CONFIG, MAX_CONFIG_BYTES)
    settings = _settings(folder / CONFIG, config)
    recorded, version, seal = (settings.pop(key, None) for key in ("sha256", "format", "config_sha256"))
    if not isinstance(recorded, str):
        raise CheckpointError(
            f"The {CONFIG} in {folder} records no sha256, so these weights are not a SegNode checkpoint or cannot be"
            " trusted to be whole: save the network again with save_pretrained."
        )
    if version not in (_UNSEALED, FORMAT):
        raise CheckpointError(
            f"The checkpoint in {folder} has format {version!r} and this version reads formats {_UNSEALED} and"
            f" {FORMAT}: update segnode, or save the network again with this version."
        )
    if version == FORMAT and not _is_sealed(config, seal):
        raise CheckpointError(
            f"The {CONFIG} in {folder} does not match the SHA-256 it carries, so it was damaged or changed by hand:"
            " fetch the checkpoint again, or save the network again with save_pretrained."
        )
    weights = _read(folder / WEIGHTS, MAX_WEIGHTS_BYTES)
    sha256 = hashlib.sha256(weights).hexdigest()
    if sha256 != recorded:
        raise CheckpointError(
            f"The weights in {folder} do not match the SHA-256 in {CONFIG}, so the file was damaged or cut short, or"
            " the two files are of different saves: fetch the checkpoint again (from the Hub with force_download)."
        )
    try:
        tensors = safetensors.torch.load(weights)
    except (SafetensorError, KeyError, ValueError) as error:
        raise CheckpointError(
            f"The {WEIGHTS} in {folder} is not a readable safetensors file: fetch or save the checkpoint again."
        ) from error
    return Saved(settings, tensors, sha256)


def read_config(folder: str | Path) -> dict[str, Any]:
    """`config.json` of the checkpoint in `folder`, `sha256` included; the weights are not looked at.

    Raises `CheckpointError` where it is missing, too large or no JSON object.
    """
    path = expand_home(folder) / CONFIG
    return _settings(path, _read(path, MAX_CONFIG_BYTES))


def must_fit(module: nn.Module, tensors: Mapping[str, Tensor]) -> None:
    """Check that `tensors` are exactly those of `module` in name, shape and kind; raises `CheckpointError` if not.

    The module may be on the meta device: nothing is allocated and nothing changed.
    """
    own = module.state_dict()
    misshapen = [
        f"{name} ({_kind(tensors[name])} where {_kind(own[name])} is wanted)"
        for name in own
        if name in tensors and _kind(tensors[name]) != _kind(own[name])
    ]
    wrongs = (
        ("missing", [name for name in own if name not in tensors]),
        ("not its own", [name for name in tensors if name not in own]),
        ("of another shape", misshapen),
    )
    if details := [f"{len(names)} {wrong}: {_some(names)}" for wrong, names in wrongs if names]:
        raise CheckpointError(
            f"The weights are of another network than this {type(module).__name__} ({'; '.join(details)}): use the"
            f" {CONFIG} they were saved with."
        )


def load_strictly(module: nn.Module, tensors: Mapping[str, Tensor]) -> None:
    """Give `module` exactly these weights, or raise `CheckpointError` with the module unchanged.

    Weights stored as float16 or bfloat16 are brought to the precision of the module. Weights that are not finite are
    refused: with one of them every answer would be the same class.
    """
    must_fit(module, tensors)
    if broken := [name for name, tensor in tensors.items() if not _is_finite(tensor)]:
        raise CheckpointError(
            f"The weights hold NaN or infinity ({_some(broken)}), as a training run that diverged leaves them: take"
            " those of an earlier save, or train again at a lower rate."
        )
    module.load_state_dict(dict(tensors), strict=True)


def _must_hold_weights(folder: Path) -> None:
    if not folder.is_dir():
        what = "is a file, not a folder" if folder.is_file() else "does not exist"
        raise CheckpointError(f"The checkpoint {folder} {what}: give the folder that holds {CONFIG} and {WEIGHTS}.")
    if (folder / WEIGHTS).is_file():
        return
    if below := sorted(file.parent.name for file in folder.glob(f"*/{WEIGHTS}")):  # a run's folder, as a rule
        raise CheckpointError(
            f"The folder {folder} holds no weights itself, but folders in it do ({_some(below)}): give one of those, as"
            f" {folder / below[0]}."
        )
    if pickles := sorted(file.name for file in folder.iterdir() if file.suffix.lower() in PICKLES):
        raise CheckpointError(
            f"The folder {folder} has weights only as a pickle ({_some(pickles)}), which can run code when opened and"
            f" so was not: convert them to {WEIGHTS}."
        )
    raise CheckpointError(f"The folder {folder} has no {WEIGHTS}: give the folder of a whole checkpoint.")


def _sealed(config: bytes) -> bytes:
    """`config`, its blank digest filled in with that of all of it."""
    return config.replace(_field(_BLANK), _field(hashlib.sha256(config).hexdigest()), 1)


def _is_sealed(config: bytes, seal: object) -> bool:
    """Whether every byte is as it was saved, but for line ends, which git changes on some systems."""
    config = config.replace(b"\r\n", b"\n")
    if not isinstance(seal, str) or config.count(_field(seal)) != 1:
        return False
    return hashlib.sha256(config.replace(_field(seal), _field(_BLANK))).hexdigest() == seal


def _field(digest: str) -> bytes:
    return f'\n  "config_sha256": "{digest}"'.encode(errors="replace")


def _settings(path: Path, text: bytes) -> dict[str, Any]:
    try:
        settings = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CheckpointError(f"{path} is not valid JSON: fetch or save the checkpoint again.") from error
    if not isinstance(settings, dict):
        raise CheckpointError(f"{path} must hold a JSON object of settings: fetch or save the checkpoint again.")
    return settings


def _read(path: Path, limit: int) -> bytes:
    """The whole file, when there is one of at most `limit` bytes."""
    if not path.is_file():
        raise CheckpointError(f"The folder {path.parent} has no {path.name}: give the folder of a whole checkpoint.")
    try:
        with path.open("rb") as file:
            if (size := os.fstat(file.fileno()).st_size) > limit:
                raise CheckpointError(
                    f"{path} has {size / 1e6:.0f} MB and at most {limit / 1e6:.0f} MB are read: give the folder of a"
                    " SegNode checkpoint."
                )
            return file.read()
    except OSError as error:
        raise CheckpointError(f"{path} could not be read ({_reason(error)}): check the disk.") from error


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__


def _is_finite(tensor: Tensor) -> bool:
    return tensor.is_meta or bool(tensor.float().isfinite().all())


def _kind(tensor: Tensor) -> str:
    return f"{'x'.join(map(str, tensor.shape)) or 'scalar'}{'' if tensor.is_floating_point() else ' of integers'}"


def _some(names: Iterable[str], shown: int = 3) -> str:
    names = list(names)
    more = f" and {len(names) - shown} more" if len(names) > shown else ""
    return ", ".join(names[:shown]) + more
