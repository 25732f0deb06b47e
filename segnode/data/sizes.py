"""The size that pictures are resized to first, in training and in testing."""

from segnode.errors import ConfigError

#: Rows and columns, or the longer side alone, or nothing.
Size = tuple[int, ...]


def checked_size(what: str, size: Size) -> None:
    """Raises `ConfigError` for an invalid `size`."""
    if len(size) > 2 or not all(16 <= length <= 16384 for length in size):
        raise ConfigError(f"{what} is rows and columns, or the longer side alone, from 16 to 16384, not {size!r}.")


def resized_to(size: Size, rows: int, columns: int) -> tuple[float, float]:
    """Rows and columns that a picture of `rows` by `columns` is resized to by `size`, before rounding."""
    if len(size) == 2:
        return float(size[0]), float(size[1])
    factor = size[0] / max(rows, columns) if size else 1.0
    return rows * factor, columns * factor
