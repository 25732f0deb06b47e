"""The shape names of the whole package, in one place.

`b` batch, `c` classes, `h w` rows and columns of the image, `h4 w4` rows and columns at stride 4 (a quarter
of the padded image, where the network works), `n` times. Types are jaxtyping's; they are checked in the tests only.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Float32, Int, UInt8
from torch import Tensor

#: Train id of a pixel that no loss and no score counts, in every data set here.
IGNORE = 255

#: Depths a caller asks for.
Depths = Sequence[float] | Float[np.ndarray, " n"]

# Arrays of one picture, as people see them (numpy).
ImageArray = UInt8[np.ndarray, "h w 3"]
LabelArray = UInt8[np.ndarray, "h w"]
FrameLabels = UInt8[np.ndarray, "n h w"]
FrameConfidence = Float32[np.ndarray, "n h w"]
FrameProbabilities = UInt8[np.ndarray, "n c h4 w4"]
Times = Float[np.ndarray, " n"]
StepTimes = Float[np.ndarray, " steps"]

# Tensors inside the network.
ImageBatch = Float[Tensor, "b 3 h w"]
PaddedBatch = Float[Tensor, "b 3 padded_h padded_w"]
LabelBatch = Int[Tensor, "b h w"]
#: What a batch is trained on: `LabelBatch`, or for pictures of one class each a map of one pixel.
Truth = Int[Tensor, "b rows columns"]
Logits = Float[Tensor, "b c h w"]
#: Logits at whatever resolution a network makes them.
CoarseLogits = Float[Tensor, "b c rows columns"]
Features = Float[Tensor, "b width h4 w4"]
#: The ODE's state: one tensor a stream, resolution halved and width grown from each to the next.
State = tuple[Tensor, ...]
