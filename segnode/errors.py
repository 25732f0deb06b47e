"""Errors a user can act on. Each message says what was wrong, what was expected, and what to do."""


class SegNodeError(Exception):
    """Base of every error this package raises on purpose; its message is one sentence fit for a page."""


class ConfigError(SegNodeError, ValueError):
    """A setting is out of range or contradicts another."""


class SolverError(SegNodeError):
    """The ODE could not be integrated as asked."""


class TrainingError(SegNodeError):
    """A training run cannot go on, or could not keep what it made."""


class SolveStopped(SegNodeError):  # noqa: N818 - requested by the caller, so not an error
    """The solve was stopped by its caller before it reached the end."""


class ImageError(SegNodeError, ValueError):
    """A picture could not be used."""


class DataError(SegNodeError):
    """A data set's folder or one of its files is not as its layout demands."""


class CheckpointError(SegNodeError):
    """Weights on disk are missing, damaged, or belong to another network."""


class HubError(SegNodeError):
    """A download from or upload to the Hugging Face Hub failed."""
