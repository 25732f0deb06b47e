"""What makes a network of ours loadable from, and publishable on, the Hub."""
# No `from __future__ import annotations` here: huggingface_hub reads the annotations of `__init__`.

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NoReturn, Self, cast

import torch
from huggingface_hub import PyTorchModelHubMixin
from torch import Tensor, nn

from segnode import checkpoint
from segnode.device import checked_device
from segnode.disk import atomic_write, expand_home
from segnode.errors import CheckpointError, ConfigError
from segnode.hub.card import NO_RECORD, Facts, Record, card
from segnode.hub.push import push
from segnode.hub.source import Source, locate

MESSAGE = "Publish a SegNode checkpoint"


class Published(PyTorchModelHubMixin):
    """Loading from a folder or the Hub, saving, and pushing, for an `nn.Module` that can describe itself.

    Mix it in after `nn.Module` and supply `settings()` and `from_settings()`. Of huggingface_hub's mixin the class
    keywords (library_name, tags, license, ...) and the names of the methods remain; loading is ours: strict,
    safetensors only, SHA-256 checked, from `settings` and nothing guessed from signatures.
    """

    source: Source | None = None
    """Where the weights were loaded from; None for a network that was not."""
    stored: Mapping[str, torch.dtype] | None = None
    """By name, the precision of each tensor of the file the weights were loaded from."""

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:  # noqa: ARG004 - the signature of whatever mixes it in
        # The mixin's own keeps a second copy of the arguments as a config, with dataclasses flattened into dicts.
        return object.__new__(cls)

    def settings(self) -> dict[str, Any]:
        """Plain values that `from_settings` makes the same untrained network of."""
        raise NotImplementedError

    @classmethod
    def from_settings(cls, settings: dict[str, Any]) -> Self:
        """The network `settings` describe, untrained."""
        raise NotImplementedError

    @classmethod
    def from_pretrained(  # ty: ignore[incompatible-method-override] - no config and no keywords of the network's own
        cls,
        name_or_path: str | Path,
        *,
        revision: str | None = None,
        cache_dir: str | Path | None = None,
        token: str | bool | None = None,
        local_files_only: bool = False,
        force_download: bool = False,
        map_location: str | torch.device = "cpu",
    ) -> Self:
        """The trained network of a folder, or of `owner/name` on the Hub, in evaluation mode.

        `model.source` tells where it came from. Raises `HubError` where the Hub cannot give it, `CheckpointError` for
        weights that are missing, damaged or of another network, and `ConfigError` for a device that is not there.
        """
        device = checked_device(map_location)
        source = locate(
            name_or_path,
            revision=revision,
            cache_dir=cache_dir,
            token=token,
            local_files_only=local_files_only,
            force_download=force_download,
        )
        saved = checkpoint.load(source.folder)
        model = cls._build(saved, source)
        checkpoint.load_strictly(_module(model), saved.tensors)
        model.source = replace(source, sha256=saved.sha256)
        model.stored = {name: tensor.dtype for name, tensor in saved.tensors.items()}
        _module(model).to(device).eval()
        return model

    def save_pretrained(  # ty: ignore[incompatible-method-override] - no config, and pushing is push_to_hub's
        self, folder: str | Path, card: str | None = None
    ) -> None:
        """Write the checkpoint and its card in `folder`. card: the README.md; without one, what the settings tell.

        What was loaded at half precision and has not changed is written at half precision. Raises `CheckpointError`
        when the disk refuses.
        """
        folder = expand_home(folder)
        tensors = {name: self._at_stored_precision(name, tensor) for name, tensor in _module(self).state_dict().items()}
        checkpoint.save(folder, tensors, self.settings())
        text = self.model_card(folder.resolve().name) if card is None else card
        try:
            atomic_write(folder / checkpoint.CARD, text.encode(errors="replace"))
        except OSError as error:
            raise CheckpointError(
                f"The card could not be written to {folder} ({error.strerror}): free some space."
            ) from error

    def push_to_hub(  # ty: ignore[incompatible-method-override] - one commit of known files, no patterns
        self,
        repo_id: str,
        *,
        commit_message: str = MESSAGE,
        private: bool | None = None,
        token: str | bool | None = None,
        branch: str | None = None,
        card: str | None = None,
    ) -> str:
        """Publish as `repo_id` and return the commit's web address. Raises `HubError`, in a sentence."""
        with TemporaryDirectory() as folder:
            self.save_pretrained(folder, self.model_card(repo_id) if card is None else card)
            self._bring_familiarity(Path(folder))
            return push(Path(folder), repo_id, message=commit_message, private=private, token=token, branch=branch)

    def _bring_familiarity(self, folder: Path) -> None:
        """Copy into `folder` what was measured of these weights, unless they have changed since they were loaded."""
        if self.source is not None and self.source.sha256 == checkpoint.load(folder).sha256:
            for measured in self.source.folder.glob(checkpoint.FAMILIARITY):
                shutil.copy(measured, folder)

    def _at_stored_precision(self, name: str, tensor: Tensor) -> Tensor:
        """`tensor` at the precision it was loaded with, unless it would lose by it."""
        stored = tensor.to((self.stored or {}).get(name, tensor.dtype))
        return stored if torch.equal(stored.to(tensor.dtype), tensor) else tensor

    def model_card(self, name: str, record: Record = NO_RECORD) -> str:
        """The README.md of these weights. record: how they were trained, and how they scored."""
        about = self._hub_mixin_info.model_card_data
        parameters = sum(parameter.numel() for parameter in _module(self).parameters())
        return card(Facts(name, self.settings(), record, parameters, about.license or "mit", tuple(about.tags or ())))

    @classmethod
    def _build(cls, saved: checkpoint.Saved, source: Source) -> Self:
        """The untrained network, rehearsed without memory: settings cannot ask for more than the weights have."""
        try:
            with torch.device("meta"):
                rehearsal = cls.from_settings(saved.settings)
            checkpoint.must_fit(_module(rehearsal), saved.tensors)
            return cls.from_settings(saved.settings)
        except (ConfigError, KeyError, TypeError, ValueError, AttributeError, RuntimeError) as error:
            raise CheckpointError(
                f"The config.json in {source.folder} does not describe a {cls.__name__}"
                f" ({type(error).__name__}: {error}): give a checkpoint of this network."
            ) from error

    @classmethod
    def _load_as_pickle(cls, *args: Any, **kwargs: Any) -> NoReturn:  # noqa: ARG003 - the mixin's signature
        raise CheckpointError("A pickle can run code when opened, so it is never loaded: give safetensors.")


def _module(published: Published) -> nn.Module:
    return cast("nn.Module", published)
