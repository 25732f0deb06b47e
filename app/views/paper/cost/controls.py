"""What the calculator of costs is asked: its settings, kept in the page's address."""

import streamlit as st

from app.ui.choosing import known
from segnode.config import GRADIENTS
from segnode.results.cost import Costs, Settings

#: Pixels a side, pictures, steps of a solver.
SIDES, BATCHES, STEPS = (32, 8192), (1, 4096), (1, 256)
FIRST_METHOD, FIRST_STEPS = "midpoint", 2


def read(costs: Costs) -> tuple[str, Settings]:
    """Draw the controls and read them: the network's name, and what it is asked."""
    networks = costs.calculator
    names = list(networks)
    known("network", [network.label for network in networks.values()])
    name = st.segmented_control(
        "Network",
        names,
        default=names[0],
        format_func=lambda name: networks[name].label,
        required=True,
        key="network",
        bind="query-params",
        wrap=True,
    )
    with st.container(horizontal=True, gap="small", key="cost-size"):
        batch = _number("Batch", BATCHES, costs.training_batch, "batch")
        width, height = (
            _number(side, SIDES, costs.size[axis], side.lower()) for axis, side in enumerate(("Width", "Height"))
        )
    with st.container(horizontal=True, gap="small", key="cost-solver"):
        # What does not matter to the network chosen stays, as it does to those it is held against.
        methods = list(dict.fromkeys(method for network in networks.values() for method in network.evaluations_a_step))
        first = methods.index(FIRST_METHOD) if FIRST_METHOD in methods else 0
        known("method", methods)
        method = st.selectbox("Solver", methods, first, key="method", bind="query-params")
        steps = _number("Steps", STEPS, FIRST_STEPS, "solve_steps")
    # Checkpoint, which training uses, comes first, and the adjoint, which few have, last.
    measured = {gradient for network in networks.values() for by in network.training.values() for gradient in by}
    gradients = [gradient for gradient in GRADIENTS if gradient in measured]
    known("gradient", gradients)
    gradient = st.segmented_control(
        "Gradient",
        gradients,
        default=gradients[0],
        required=True,
        key="gradient",
        bind="query-params",
        wrap=True,
    )
    return name, Settings(batch, width, height, method, steps, gradient)


def _number(label: str, span: tuple[int, int], first: int, key: str) -> int:
    return st.number_input(label, *span, first, 1, key=key, bind="query-params")
