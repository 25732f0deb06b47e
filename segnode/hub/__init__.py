"""Checkpoints from and to the Hugging Face Hub: pinned, strict, safetensors only, at work without a network."""

from segnode.hub.card import Facts, card
from segnode.hub.catalogue import Entry, Summary, catalogue, summary
from segnode.hub.mixin import Published
from segnode.hub.source import Source, locate

__all__ = ["Entry", "Facts", "Published", "Source", "Summary", "card", "catalogue", "locate", "summary"]
