"""Checkpoints from and to the Hugging Face Hub: pinned, strict, safetensors only, at work without a network."""

from segnode.hub.card import Facts, Record, card
from segnode.hub.catalogue import Entry, catalogue
from segnode.hub.mixin import Published
from segnode.hub.source import Source, locate

__all__ = ["Entry", "Facts", "Published", "Record", "Source", "card", "catalogue", "locate"]
