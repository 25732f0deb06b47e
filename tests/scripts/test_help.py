"""`--help` of every script says what every flag does."""

import dataclasses
import inspect
import re
import warnings

import pytest
import tyro

from segnode.train.config import TrainConfig
from tests.scripts.loading import SCRIPTS, load

#: Modules that scripts share, and what takes no flags.
NO_COMMANDS = {
    "cost_rows",
    "cost_words",
    "probe",
    "readme",
    "readme_results",
    "results_runs",
    "results_words",
    "serving",
}
COMMANDS = sorted(path.stem for path in SCRIPTS.glob("*.py") if path.stem not in NO_COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_flag_has_help(name: str) -> None:
    script = load(name)
    settings = TrainConfig if name == "train" else getattr(script, "Settings", None) or script.main
    flags = (
        [field.name for field in dataclasses.fields(settings)]
        if inspect.isclass(settings)
        else list(inspect.signature(settings).parameters)
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the one way to the parser that tyro has today
        actions = {action.dest: action for action in tyro.extras.get_parser(settings)._actions}
    for flag in flags:
        action = next(action for dest, action in actions.items() if dest.replace("-", "_").endswith(flag))
        text = re.sub(r"\((default|required|repeatable|optional|sets).*?\)", "", str(action.help or ""))
        assert len(text.strip()) > 8, f"{name} --{flag} has no help"
