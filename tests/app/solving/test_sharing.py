"""The cache of runs, and the queue for the processor."""

import threading

import numpy as np
import pytest

from app.solving import networks, store
from app.solving.pictures import scene
from app.solving.runs import Run
from app.solving.sharing import BusyError, FairQueue, RunCache
from segnode import SolverConfig, Trajectory
from segnode.data.classes import CAMVID
from segnode.flow import Flow


class Overtaken(BaseException):
    """As Streamlit ends a run: no `Exception`, so that nothing swallows it."""


def run(fill: int = 0, size: int = 100) -> Run:
    labels = np.full((2, 10, size // 20), fill, np.uint8)
    trajectory = Trajectory(
        times=np.array([0.0, 1.0]),
        step_times=np.array([0.0, 1.0]),
        labels=labels,
        confidence=np.ones(labels.shape, np.float32),
        flow=Flow(1.0, 1, np.zeros((2, 11, 3, 2), np.float32)),
        nfe=1,
        seconds=0.1,
    )
    return Run.from_trajectory(trajectory, SolverConfig(), None, CAMVID)


def test_the_shelf_gives_up_the_least_recently_used() -> None:
    cache = RunCache(max_bytes=250)
    first, second, third = run(0), run(1), run(2)
    cache.put("a", first)
    cache.put("b", second)
    assert cache.get("a") is first
    cache.put("c", third)
    assert cache.get("b") is None
    assert cache.get("a") is first
    assert cache.get("c") is third


def test_the_newest_run_stays_whatever_its_size() -> None:
    cache = RunCache(max_bytes=10)
    cache.put("a", run())
    cache.put("b", large := run(size=1000))
    assert cache.get("a") is None
    assert cache.get("b") is large


def test_the_shelf_stands_many_hands() -> None:
    cache = RunCache(max_bytes=500)

    def use(seed: int) -> None:
        for index in range(200):
            cache.put(index * seed % 13, run(index % 11))
            cache.get(index % 13)

    hands = [threading.Thread(target=use, args=(seed,)) for seed in range(1, 5)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert sum(cache.get(key) is not None for key in range(13)) <= 5


def test_one_has_the_turn_and_the_others_wait() -> None:
    turns, inside, most = FairQueue(longest=9), 0, 0
    guard = threading.Lock()

    def work() -> None:
        nonlocal inside, most
        with turns.turn(lambda: None, every_s=0.001):
            with guard:
                inside += 1
                most = max(most, inside)
            threading.Event().wait(0.005)
            with guard:
                inside -= 1

    hands = [threading.Thread(target=work) for _ in range(8)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert most == 1


def test_a_crowd_is_told_to_come_back() -> None:
    turns = FairQueue(longest=0)
    with pytest.raises(BusyError, match="try again"), turns.turn(lambda: None):
        pass


def test_who_gives_up_waiting_leaves_the_turn_to_others() -> None:
    turns = FairQueue(longest=2)

    def overtaken() -> None:
        raise Overtaken

    with turns.turn(lambda: None):
        with pytest.raises(Overtaken), turns.turn(overtaken, every_s=0.001):
            pass
        with pytest.raises(Overtaken), turns.turn(overtaken, every_s=0.001):
            pass
    with turns.turn(overtaken, every_s=0.001):
        pass


def test_turns_are_taken_in_the_order_of_coming() -> None:
    turns, come, taken = FairQueue(longest=20), [threading.Event() for _ in range(12)], []

    def work(number: int) -> None:
        with turns.turn(come[number].set, every_s=0.001):
            taken.append(number)

    hands = [threading.Thread(target=work, args=(number,)) for number in range(12)]
    with turns.turn(lambda: None):
        for hand, event in zip(hands, come, strict=True):
            hand.start()
            assert event.wait(60), "it does not wait"
    for hand in hands:
        hand.join()
    assert taken == list(range(12))


def test_who_comes_again_stands_behind_those_who_wait() -> None:
    """Whoever gives a turn back and asks at once for another does not overtake."""
    turns, come, taken = FairQueue(longest=20), threading.Event(), []

    def other() -> None:
        with turns.turn(come.set, every_s=0.001):
            taken.append("other")

    hand = threading.Thread(target=other)
    with turns.turn(lambda: None):
        hand.start()
        assert come.wait(60)
    with turns.turn(lambda: None):
        taken.append("again")
    hand.join()
    assert taken == ["other", "again"]


def test_who_gives_up_is_not_waited_for() -> None:
    """The turn passes over a place in the queue that was given up."""
    turns, go, waits, taken = FairQueue(longest=20), threading.Event(), threading.Event(), []

    def first() -> None:
        def give_up() -> None:
            waits.set()
            go.wait()
            raise Overtaken

        with pytest.raises(Overtaken), turns.turn(give_up, every_s=0.001):
            pass

    def second() -> None:
        with turns.turn(come.set, every_s=0.001):
            taken.append("second")

    come = threading.Event()
    hands = [threading.Thread(target=first), threading.Thread(target=second)]
    with turns.turn(lambda: None):
        hands[0].start()
        assert waits.wait(60)
        hands[1].start()
        assert come.wait(60)
        go.set()
        hands[0].join(60)
    hands[1].join(60)
    assert taken == ["second"]


@pytest.mark.parametrize("method", ["midpoint", "dopri5"])
def test_a_solve_that_is_overtaken_stops_and_frees_every_lock(method) -> None:
    picture, network = scene(100_000), networks.loaded(networks.checkpoints()[0])
    seen: list[float | None] = []

    def overtaken(share: float | None) -> None:
        seen.append(share)
        if len(seen) == 2:
            raise Overtaken

    with pytest.raises(Overtaken):
        store.solved(picture, network, SolverConfig(method), 5, overtaken)
    assert len(seen) == 2
    assert store.solved(picture, network, SolverConfig(method), 5, seen.append).run.nfe > 2


def test_a_run_names_its_times_apart() -> None:
    assert run().names == ("0.00", "1.00")


def test_numbers_of_a_run() -> None:
    found = run(3)
    assert found.to_truth is None
    np.testing.assert_array_equal(found.settled, [1, 1])
    np.testing.assert_array_equal(found.to_final, [0, 0])
    np.testing.assert_array_equal(found.share[0], np.eye(11)[3])
