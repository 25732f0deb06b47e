"""The page in a browser: what `scripts/page.py` writes. Times are milliseconds, sizes bytes or MiB."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from segnode.results.schema import LEFT_OUT, Finite, Positive, PositiveInt, Provenance, Result


@dataclass(frozen=True)
class Marks:
    """Since the page was requested. server, server_to_drawn: of a server that was started for it."""

    document: Positive
    connected: Positive
    received: Positive
    mounted: Positive
    painted: Positive
    drawn: Positive
    server: Annotated[Finite | None, LEFT_OUT] = None
    server_to_drawn: Annotated[Finite | None, LEFT_OUT] = None


@dataclass(frozen=True)
class Opening:
    """Opening the page: a server just started, one that runs, and one that runs with a scene it has not solved."""

    cold_ms: Marks
    warm_ms: Marks
    warm_new_scene_ms: Marks


@dataclass(frozen=True)
class Spread:
    """Over the frames of a drag."""

    median: Finite
    p95: Finite


@dataclass(frozen=True)
class Traffic:
    """Between browser and server."""

    requests: int
    messages_sent: int
    bytes_received: int


@dataclass(frozen=True)
class Drag:
    """Dragging the solve time. during, with_release: requests to the server before the pointer went up, and in
    all."""

    frames: PositiveInt
    event_to_drawn_ms: Spread
    event_to_frame_ms: Spread
    hand_to_frame_ms: Spread
    during: Traffic
    with_release: Traffic


@dataclass(frozen=True)
class Payload:
    """Bytes that one solve sends."""

    message: PositiveInt
    photo: PositiveInt
    truth: PositiveInt
    flow: PositiveInt


@dataclass(frozen=True)
class Building:
    """Packing a solve, and building what is sent."""

    packing_ms: Positive
    payload_ms: Positive


@dataclass(frozen=True)
class Memory:
    """Of the server. resident_mib: after so many scenes. late_slope_mib_a_run: what a scene adds at the end."""

    resident_mib: Mapping[str, Positive]
    late_slope_mib_a_run: Finite
    run_mib: Positive
    shelf_cap_mib: Positive
    scene_mib: Positive
    scenes_cap: PositiveInt


@dataclass(frozen=True)
class Page(Result):
    """All of it. drag: by what is shown, then by the processor's speed. payload: by solver."""

    CONTENT = "measurements of the page"
    COMMAND = "python scripts/page.py"

    provenance: Provenance
    picture: str
    opening: Opening
    drag: Mapping[str, Mapping[str, Drag]]
    payload: Mapping[str, Payload]
    building: Building
    memory: Memory
