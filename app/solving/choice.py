"""What a person asked for."""

from dataclasses import dataclass

from streamlit.runtime.uploaded_file_manager import UploadedFile

from app.solving.gallery import Photograph
from segnode import SolverConfig
from segnode.hub import Entry


@dataclass(frozen=True)
class OnHub:
    """A checkpoint somebody typed: owner/name, and a branch, tag or commit."""

    name: str
    revision: str | None


@dataclass(frozen=True)
class Automatic:
    """The one of `entries` that a picture is most familiar to; for a generated street, the first with its classes."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Choice:
    """All that was asked for.

    seed: of a generated street. upload: takes the place of street and photograph. mask: the upload's ground truth.
    photograph: of the gallery, takes the street's place. checkpoint: None where none is bundled or typed. until: where
    the solve ends, as a multiple of the T the network was trained for. frames: how many. plain: whether the server
    draws them, in place of the browser.
    """

    seed: int
    upload: UploadedFile | None
    mask: UploadedFile | None
    checkpoint: Entry | OnHub | Automatic | None
    solver: SolverConfig
    until: float
    frames: int
    plain: bool
    photograph: Photograph | None = None
