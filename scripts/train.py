"""Train a network.

    python scripts/train.py --recipe camvid-segnode          # a row of the paper's Table 1, evaluated at the end
    python scripts/train.py --data streets:,seeds=0-99 --validate streets:,seeds=100000-100009 --out runs/tiny \
        --iterations 50 --batch-size 2 --crop 128 128          # two minutes on two cores

Recipes are the files in scripts/recipes; any setting given beside --recipe takes the place of the recipe's. On several
GPUs or machines put `accelerate launch` in the place of `python`, for several processes on a CPU `torchrun`. Add
--resume to go on after a stop. Curves: tensorboard --logdir runs. Every setting: --help.
"""

import json
import sys
from pathlib import Path

import segnode.threads  # noqa: F401 - before torch

import tyro
from accelerate import PartialState
from evaluate import Settings as Evaluation
from evaluate import main as evaluate
from evaluate import open_data

from segnode.command import launch
from segnode.disk import expand_home
from segnode.errors import ConfigError, TrainingError
from segnode.train.allocation import keep_freed_memory
from segnode.train.config import TrainConfig
from segnode.train.loop import Trainer
from segnode.train.recipe import Recipe, build_settings, read_recipe

RECIPES = Path(__file__).parent / "recipes"


def main(config: TrainConfig, recipe: Recipe | None) -> None:
    """Run `config` and say how the last validation came out; then evaluate it as `recipe` tells."""
    evaluation = evaluation_of(recipe, config.out) if recipe and recipe.evaluation else None
    keep_freed_memory()
    trainer = Trainer(config)
    if evaluation:
        open_data(evaluation, trainer.network)  # refuses before hours are spent
    try:
        history = trainer.run()
    except TrainingError:
        if PartialState().is_main_process:
            raise
        return  # all processes stop at once: the leading one says why, and with it the launch fails
    if not PartialState().is_main_process:
        return
    if history:
        print(json.dumps(history[-1], indent=2))
    if evaluation:
        evaluate(evaluation)


def evaluation_of(recipe: Recipe, out: Path) -> Evaluation:
    """What `recipe` evaluates of the run in `out`. Raises `ConfigError` for options that cannot be."""
    name = f"The evaluation of the recipe {recipe.name}"
    values = dict(recipe.evaluation)
    if isinstance(values.get("predictions"), str):
        values["predictions"] = str(out / expand_home(values["predictions"]))
    evaluation = build_settings(name, Evaluation, {"checkpoint": str(out / "model"), **values})
    evaluation.inference()
    return evaluation


def parse_args(words: list[str]) -> tuple[TrainConfig, Recipe | None]:
    """The run that `words` of a command line ask for, and the recipe among them, whose settings are the defaults."""
    words = [part for word in words for part in (word.split("=", 1) if word.startswith("--recipe=") else [word])]
    if "--recipe" not in words:
        return tyro.cli(TrainConfig, args=words, description=__doc__), None
    place = words.index("--recipe")
    rest = words[:place] + words[place + 2 :]
    if place + 1 == len(words) or "--recipe" in rest:
        raise ConfigError(f"--recipe needs one name: choose one of {', '.join(recipe_names())}.")
    recipe = read_recipe(RECIPES / f"{words[place + 1]}.toml")
    return tyro.cli(TrainConfig, args=rest, default=recipe.config, description=recipe.title), recipe


def recipe_names() -> list[str]:
    """Names of all recipes."""
    return sorted(path.stem for path in RECIPES.glob("*.toml"))


if __name__ == "__main__":
    launch(lambda: main(*parse_args(sys.argv[1:])))
