"""Peak live tensor bytes: what the tensors made inside a block hold at most, at one moment.

Counted from the storages torch really makes, so it means the same on a CPU, on fake tensors and on a GPU, where each
allocation is rounded up to 512 bytes. What was there before, such as parameters, is not counted.
"""

import weakref
from collections.abc import Callable
from typing import Any

from torch import Tensor, UntypedStorage
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

ROUNDING = 512


class LiveBytes(TorchDispatchMode):
    """Within, adds up the storages of all tensors made; `peak` is the largest sum so far, `live` the present one."""

    def __init__(self) -> None:
        super().__init__()
        self.live = 0
        self.peak = 0
        self._sizes: dict[int, int] = {}

    def __torch_dispatch__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        for leaf in tree_leaves((args, kwargs)):
            if isinstance(leaf, Tensor):
                self._note(leaf.untyped_storage(), made_here=False)
        out = func(*args, **(kwargs or {}))
        for leaf in tree_leaves(out):
            if isinstance(leaf, Tensor):
                self._note(leaf.untyped_storage(), made_here=True)
        return out

    def _note(self, storage: UntypedStorage, made_here: bool) -> None:
        key = storage._cdata
        if key in self._sizes:
            return
        size = -(-storage.nbytes() // ROUNDING) * ROUNDING if made_here else 0
        self._sizes[key] = size
        self.live += size
        self.peak = max(self.peak, self.live)
        weakref.finalize(storage, self._free, key)  # the key is an address, which may come back

    def _free(self, key: int) -> None:
        self.live -= self._sizes.pop(key)
