"""SegNode: semantic segmentation with neural ordinary differential equations."""

import segnode.threads  # noqa: F401 - before torch

from segnode.config import ModelConfig, SolverConfig
from segnode.model.build import build_model
from segnode.model.segnode import SegNode
from segnode.predict import Predictor, Trajectory

__all__ = ["ModelConfig", "Predictor", "SegNode", "SolverConfig", "Trajectory", "build_model"]
