"""What every network here is: pictures in, a score for each class and pixel out, and settings that rebuild it."""

from typing import Any, ClassVar

from torch import Tensor, nn

from segnode.data.classes import ClassSet
from segnode.errors import CheckpointError, ConfigError, ImageError
from segnode.hub import Published
from segnode.model.blocks import constants, resize
from segnode.types import IGNORE, CoarseLogits, ImageBatch, Logits

# Mean and spread of sRGB over ImageNet, the field's usual input scaling.
_MEAN = (0.485, 0.456, 0.406)
_SPREAD = (0.229, 0.224, 0.225)


class Network(
    nn.Module,
    Published,
    library_name="segnode",
    pipeline_tag="image-segmentation",
    license="mit",
    tags=["semantic-segmentation"],
):
    """A network that gives each pixel a class.

    classes: what the channels of the logits mean. layout: plain values, the other arguments of the subclass's
    `__init__`, which are saved beside the weights; none for a SegNode, which saves its config.

    Raises `ConfigError` for more classes than a map of labels tells apart.
    """

    #: Rows and columns of the smallest picture it takes.
    smallest: ClassVar[int] = 1
    #: Classes it can have: a label is one byte, and 255 of them says that a pixel does not count.
    most: ClassVar[int] = IGNORE

    def __init__(self, classes: ClassSet, **layout: Any) -> None:
        super().__init__()
        if len(classes) > self.most:
            raise ConfigError(
                f"A {type(self).__name__} has at most {self.most} classes, not {len(classes)}: merge some."
            )
        self.classes = classes
        self.layout = layout

    @property
    def auxiliary(self) -> tuple[float, ...]:
        """Weights of the outputs after the first in a training loss."""
        return ()

    def forward(self, images: ImageBatch) -> Logits:
        """Logits at the images' size. images: sRGB, 0 to 1. Raises `ImageError` for a picture too small."""
        return self.upsample(self.outputs(images)[0], images.shape[-2:])

    def upsample(self, logits: CoarseLogits, size: tuple[int, ...]) -> Logits:
        """One of `outputs` at `size`, the rows and columns of the images it was made of."""
        return resize(logits, size)

    def outputs(self, images: ImageBatch) -> tuple[CoarseLogits, ...]:
        """Logits at the resolution they are made at: the answer, then those that only help to train.

        images: sRGB, 0 to 1. Raises `ImageError` for a picture too small.
        """
        rows, columns = images.shape[-2:]
        if min(rows, columns) < self.smallest:
            raise ImageError(
                f"A picture of {columns} x {rows} is too small for {type(self).__name__}:"
                f" give at least {self.smallest} x {self.smallest}."
            )
        return self.score(normalize(images))

    def score(self, images: Tensor) -> tuple[CoarseLogits, ...]:
        """`outputs` of images that are normalized already, as the sources of public weights have them."""
        raise NotImplementedError

    def settings(self) -> dict[str, Any]:
        """What `config.json` says of this network, beside its weights."""
        return {"network": type(self).__name__, "layout": dict(self.layout), "classes": self.classes.to_dict()}

    @classmethod
    def from_settings(cls, settings: dict[str, Any]) -> "Network":
        """The network `settings` describe, untrained. Raises `CheckpointError` where they describe none."""
        network = settings.get("network")
        if network != cls.__name__:
            raise CheckpointError(
                f"config.json describes the network {network!r}, not a {cls.__name__}:"
                f" choose a checkpoint of a {cls.__name__}, or load it with its own class."
            )
        try:
            return cls._from_checked(settings)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise CheckpointError(
                f"config.json does not describe a {cls.__name__} ({type(error).__name__}: {error}):"
                " write the checkpoint again."
            ) from error

    @classmethod
    def _from_checked(cls, settings: dict[str, Any]) -> "Network":
        """The network of `settings`; an entry may be missing or invalid."""
        return cls(ClassSet.from_dict(settings["classes"]), **settings["layout"])


def normalize(images: ImageBatch) -> Tensor:
    """`images` (sRGB, 0 to 1) with ImageNet's mean taken away, over its spread."""
    mean, spread = (constants(values, images)[:, None, None] for values in (_MEAN, _SPREAD))
    return (images - mean) / spread
