"""Recipes: each is legal, says truthfully whose choice its settings are, and runs; what is wrong with one is told."""

import json
import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from segnode.analysis.formula import Formula
from segnode.data.camvid import CAMVID
from segnode.data.cityscapes import CITYSCAPES
from segnode.data.classes import ClassSet
from segnode.data.lip import LIP_CLASSES
from segnode.data.pascal_context import PASCAL_CONTEXT
from segnode.errors import ConfigError, DataError
from segnode.model.network import Network
from segnode.model.zoo import hrnet
from segnode.train.config import TrainConfig
from segnode.train.feed import Feed
from segnode.train.loop import Trainer
from segnode.train.network import network_of, transfer
from segnode.train.recipe import Recipe, read_recipe
from segnode.train.sources import open_source
from tests.data.layouts import (
    write_camvid,
    write_cityscapes,
    write_imagenet,
    write_labelme_facade,
    write_lip,
    write_mapillary,
    write_pascal_context,
)
from tests.scripts.loading import SCRIPTS, load, run

RECIPES = {path.stem: read_recipe(path) for path in sorted((SCRIPTS / "recipes").glob("*.toml"))}
TABLE = {name: recipe for name, recipe in RECIPES.items() if recipe.table}

CLASSES = {
    "cityscapes": CITYSCAPES,
    "camvid": CAMVID,
    "lip": LIP_CLASSES,
    "pascal-context": PASCAL_CONTEXT,
    "mapillary": ClassSet.numbered(65),
    "imagenet": ClassSet.numbered(1000),
}
#: Training pictures of each data set that is read first, as its loader's docstring has them.
PICTURES = {"cityscapes": (2975 + 500,), "camvid": (367,), "lip": (30462,), "pascal-context": (4998,)} | {
    "mapillary": (18000,),
    "imagenet": (1281167,),
}

#: What the paper states: of each setting, by the start of the network's name, the value (of names a pattern) and the
#: section. Whatever a recipe lists under [paper] must stand here.
STATED: dict[str, dict[str, tuple[Any, str]]] = {
    "network": {"segnode": (r"segnode-w48(-ocr)?", "4.1"), "baseline": (r"baseline-w48", "4.1 and Table 2")},
    "init": {
        "segnode": (r"runs/(imagenet-segnode|mapillary-segnode)/best", "4.1 and Table 1"),
        "baseline": (r"runs/imagenet-baseline/best", "4.1"),
        "hrnetv2": (r"runs/mapillary-hrnetv2/best", "Table 1"),
    },
    "optimizer": {"segnode": ("sgd", "4.1"), "baseline": ("adamw", "4.1")},
    "rate": {"segnode": (0.1, "4.1"), "baseline": (1e-4, "4.1")},
    "decay": {"segnode": (0.0, "4.1"), "baseline": (0.05, "4.1")},
    "batch_size": {"baseline": (16, "4.1")},
    "gradient": {"segnode": ("adjoint", "4.1")},
    "power": {"segnode": (0.9, "4.1"), "baseline": (0.9, "4.1")},
}
#: The data sets without their weights, by the section of the paper that splits them.
DATA = {
    "cityscapes:data/Cityscapes,split=train+val": "4.2",
    "cityscapes:data/Cityscapes,split=coarse": "4.2",
    "camvid:data/CamVid,split=train": "4.3",
    "lip:data/LIP,split=train": "4.4",
    "pascal-context:data/PASCAL-Context,split=train": "4.5",
    "imagenet:data/ImageNet,split=train": "4.1",
    "mapillary:data/Mapillary,split=train": "Table 1",
}

#: In place of dopri5, which takes hundreds of evaluations of an untrained f.
SOLVER = 'solver={"method": "midpoint", "steps": 1}'
#: Layouts narrow enough for a test, by the start of the network's name.
NARROW = {
    "segnode": ("widths=[4,4]", "stem_width=4", "blocks=1"),
    "baseline": ("widths=[4,4]", "stem_width=4", "blocks=1"),
    "hrnetv2": ("width=2", "stem=4", "ocr_width=4"),
    "unode": ("width=2", SOLVER),
    "nodes-unet": ("width=2", SOLVER),
}


def kind(recipe: Recipe) -> str:
    """The data set a recipe trains on first."""
    return recipe.config.data[0].partition(":")[0]


def family(network: str) -> str:
    return next(name for name in NARROW if network.startswith(name))


def narrow(config: TrainConfig) -> TrainConfig:
    """The same run at a size that takes a second: two steps on a few small pictures."""
    layout = NARROW[family(config.network)]
    data = tuple(text.replace("seeds=0-2399", "seeds=0-1") for text in config.data)
    validate = tuple(text for text in config.validate if not text.startswith("streets:"))
    small: dict[str, Any] = {"layout": layout, "iterations": 2, "minutes": None, "batch_size": 2, "crop": (32, 32)}
    return replace(config, **small, data=data, validate=validate, workers=1, public=None, device="cpu")


@pytest.fixture
def shallow(monkeypatch: pytest.MonkeyPatch) -> None:
    _make_shallow(monkeypatch)


def _make_shallow(monkeypatch: pytest.MonkeyPatch) -> None:
    """HRNetV2 has no setting for its depth, and hundreds of narrow layers take as long as wide ones to go through."""
    monkeypatch.setattr(hrnet, "BLOCKS", 1)
    monkeypatch.setattr(hrnet, "MODULES", (1, 1, 1))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All data sets where the recipes look for them, and narrow networks where pretraining leaves its own."""
    root = tmp_path_factory.mktemp("recipes")
    data = root / "data"
    for split in ("train", "val"):
        write_cityscapes(data / "Cityscapes", split)
        write_camvid(data / "CamVid", split, [f"{split}_1", f"{split}_2"])
        write_lip(data / "LIP", split, [f"{split}_1", f"{split}_2"])
        write_labelme_facade(data / "LabelMeFacade", split)
        write_pascal_context(data / "PASCAL-Context" / "VOCdevkit" / "VOC2010", split)
        write_imagenet(data / "ImageNet", ["n01440764", "n02119789"], split)
    write_camvid(data / "CamVid", "test", ["test_1"])
    write_cityscapes(data / "Cityscapes", "test", names=["bonn_000000_000019"])
    write_cityscapes(data / "Cityscapes", "train_extra", "gtCoarse", ["bonn_000001_000019"])
    labels = [{"name": name, "readable": name, "color": [0, 0, 0], "evaluate": True} for name in "abc"]
    for split in ("training", "validation"):
        write_mapillary(data / "Mapillary", labels=labels, split=split)
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.chdir(root)
        _make_shallow(monkeypatch)
        for name in sorted({start.parts[1] for recipe in RECIPES.values() if (start := recipe.config.init)}):
            config = replace(narrow(RECIPES[name].config), init=None)
            feed = Feed(config)
            network_of(config, feed.classes, feed.classified).save_pretrained(root / "runs" / name / "best")
    return root


def test_there_is_a_recipe_for_every_figure_of_the_table() -> None:
    words = load("results_words")
    for row in words.ROWS:
        for column, figure in zip(words.COLUMNS, row.paper, strict=True):
            recipes = [recipe for recipe in TABLE.values() if (recipe.row, recipe.table) == (row.name, column.name)]
            assert bool(recipes) == (figure is not None), (row.name, column.name)
            for recipe in recipes:
                assert recipe.config.network == row.network
                assert f"{figure}" in recipe.expect
                assert "paper's" in recipe.expect
                ((text,), name) = recipe.evaluation["data"], recipe.name
                assert text.partition(":")[0] in column.kinds, name
                assert f"split={column.split}" in text, name
    assert {recipe.row for recipe in TABLE.values()} == {row.name for row in words.ROWS}


@pytest.mark.parametrize("name", RECIPES)
def test_says_what_to_expect_and_what_it_costs(name: str) -> None:
    recipe = RECIPES[name]
    text = (SCRIPTS / "recipes" / f"{name}.toml").read_text(encoding="utf-8")
    assert text.startswith(f"# python scripts/train.py --recipe {name}\n")
    assert recipe.config.out == Path("runs") / name
    assert "easured" in recipe.cost
    assert "not measured" in recipe.expect.lower() or not recipe.table
    assert not re.search(r"[:\"]/", text.replace("://", "")), "a path from the root of somebody's machine"


@pytest.mark.parametrize("name", RECIPES)
def test_what_is_called_the_papers_is_stated_there(name: str) -> None:
    recipe = RECIPES[name]
    for setting in (setting for setting, source in recipe.source.items() if source == "paper"):
        value = getattr(recipe.config, setting)
        if setting == "data":
            assert all(text.partition(",weight=")[0] in DATA for text in value), (name, value)
            text = (SCRIPTS / "recipes" / f"{name}.toml").read_text(encoding="utf-8")
            assert len(value) == 1 or "pictures drawn are finely annotated ones is chosen" in text
            continue
        if setting == "power" and name.startswith("compact"):
            assert value == 0.9  # of both optimizers of section 4.1
            continue
        assert family(recipe.config.network) in STATED.get(setting, {}), f"{name}: the paper has no {setting} for it"
        stated, section = STATED[setting][family(recipe.config.network)]
        matches = re.fullmatch(stated, str(value)) if setting in ("network", "init") else value == stated
        assert matches, f"{name} has {setting} = {value} of the paper, section {section} has {stated}"


@pytest.mark.parametrize("name", [name for name in TABLE if re.search("segnode|baseline", name)])
def test_what_the_paper_states_is_done(name: str) -> None:
    recipe = RECIPES[name]
    for setting, values in STATED.items():
        here = family(recipe.config.network)
        if here in values and (setting != "gradient" or name.endswith("-paper")):
            assert recipe.source[setting] == "paper", setting
    assert recipe.source["data"] == "paper"


@pytest.mark.parametrize("name", [name for name in RECIPES if not name.startswith("compact")])
def test_leaves_no_habit_of_ours_in_a_run_of_the_papers(name: str) -> None:
    recipe = RECIPES[name]
    for setting in ("batch_size", "crop", "iterations", "optimizer", "rate", "decay", "power"):
        assert setting in recipe.source, setting
    steep = recipe.config.optimizer == "sgd" and family(recipe.config.network) == "segnode"
    assert (recipe.config.warmup, recipe.config.clip) == ((500, 5.0) if steep else (0, 1e9))
    assert recipe.config.average == 0.0
    if steep:  # without the two its loss is soon NaN; nobody but us chose them
        assert (recipe.source["warmup"], recipe.source["clip"]) == ("chosen", "chosen")
    assert recipe.config.hard is None
    if kind(recipe) != "imagenet":
        assert (recipe.config.jitter, recipe.config.aspect, recipe.config.scale_draw) == (0.0, 0.0, "even")
    if kind(recipe) == "cityscapes":
        assert len(recipe.config.class_weights) == 19
        assert recipe.source["class_weights"] == "hrnet"
    elif kind(recipe) != "imagenet":
        assert {"scale", "balance"} <= set(recipe.source)
        assert recipe.config.balance == (0.05 if kind(recipe) == "mapillary" else 0.0)


@pytest.mark.parametrize("name", [name for name in RECIPES if name != "compact-segnode"])
def test_its_length_is_what_its_comment_computes(name: str) -> None:
    recipe = RECIPES[name]
    text = (SCRIPTS / "recipes" / f"{name}.toml").read_text(encoding="utf-8")
    epochs_line = re.search(r"(\d+) epochs x ([\d,]+) pictures / (\d+)(?: / (0\.\d+))?", text)
    if epochs_line is None:
        minutes, step = map(float, re.search(r"# (\d+) minutes at ([\d.]+) s a step", text).groups())
        assert recipe.config.iterations == pytest.approx(60 * minutes / step, rel=0.01)
        return
    epochs, pictures, batch = (int(part.replace(",", "")) for part in epochs_line.groups()[:3])
    weights = [float(re.search(r"weight=([\d.]+)|$", text)[1] or 1) for text in recipe.config.data]
    share = float(epochs_line[4] or 1)
    assert pictures in PICTURES[kind(recipe)]
    assert batch == recipe.config.batch_size
    assert share == pytest.approx(weights[0] / sum(weights))
    assert recipe.config.iterations == math.ceil(round(epochs * pictures / batch / share, 6))


@pytest.mark.parametrize("name", [name for name in RECIPES if name.startswith("cityscapes")])
def test_draws_each_finely_annotated_picture_as_often_as_hrnet_did(name: str, folder: Path) -> None:
    config = RECIPES[name].config
    sources = [open_source(text.replace("data/", f"{folder}/data/", 1)) for text in config.data]
    fine = sum(source.weight for source in sources if any("gtFine" in str(truth) for _, truth in source.dataset.pairs))
    drawn = config.iterations * config.batch_size * fine / sum(source.weight for source in sources)
    assert drawn / (2975 + 500) == pytest.approx(484, abs=0.01)
    kinds = [{str(truth).rsplit("_", 2)[1] for _, truth in source.dataset.pairs} for source in sources]
    assert kinds in ([{"gtFine"}, {"gtCoarse"}], [{"gtFine"}])


@pytest.mark.parametrize("name", RECIPES)
def test_its_batch_and_crop_can_be_shared_and_lined_up(name: str) -> None:
    config = RECIPES[name].config
    assert config.batch_size % 8 == 0, "8 processes could not share it"
    assert all(side % 32 == 0 for side in config.crop), "the streams of HRNetV2 would lie beside each other"
    window = RECIPES[name].evaluation.get("window", (0, 0))
    assert all(side % 32 == 0 for side in window)


@pytest.mark.parametrize("name", [name for name in RECIPES if not name.startswith("compact")])
def test_what_was_chosen_for_several_processes_says_so(name: str) -> None:
    recipe = RECIPES[name]
    assert (recipe.config.precision, recipe.source["precision"]) == ("bfloat16", "chosen")
    text = (SCRIPTS / "recipes" / f"{name}.toml").read_text(encoding="utf-8")
    if "8 processes divide" not in text:
        assert (recipe.config.batch_size, recipe.source["batch_size"]) != (16, "hrnet") or kind(recipe) == (
            "pascal-context"
        )  # HRNet has 16 there, and 12 on Cityscapes
        return
    assert (recipe.config.batch_size, recipe.source["batch_size"]) == (16, "chosen")
    if family(recipe.config.network) == "hrnetv2":
        assert recipe.config.rate == pytest.approx(0.01 * 16 / 12, rel=1e-3)
        assert recipe.source["rate"] == "chosen"
    else:
        assert (recipe.config.rate, recipe.source["rate"]) == (0.1, "paper")
        assert "The paper names no batch for its rate" in text


#: The rows of scripts/results/cost.json that costs are taken from, where there is no formula.
COUNTED = {
    "hrnetv2-w48-ocr": "HRNetV2 + OCR",
    "segnode-w48-ocr": "SegNode + OCR, midpoint-2, checkpoint",
    "segnode-w48": "SegNode, dopri5, adjoint",
    "unode": "U-Node, midpoint-2, checkpoint",
    "nodes-unet": "NODEs-UNet, midpoint-2, checkpoint",
}


@pytest.mark.parametrize("name", [name for name in RECIPES if not name.startswith("compact")])
def test_its_memory_is_that_of_the_cost_table_for_its_batch_and_crop(name: str) -> None:
    recipe = RECIPES[name]
    (rows, columns), batch = recipe.config.crop, recipe.config.batch_size
    cost = json.loads((SCRIPTS / "results" / "cost.json").read_text(encoding="utf-8"))
    if "by the formula" in recipe.cost:
        methods = cost["calculator"][recipe.config.network]["training"]
        held = methods["midpoint"]["checkpoint"] if recipe.config.solvers else methods[""]["backprop"]
        assert recipe.config.solvers in ((), ("midpoint-2",))
        memory = Formula.from_dict(held).at(batch, (rows, columns), 2 if recipe.config.solvers else 1) / 2**30
    else:
        row = next(row for row in cost["networks"] if row["name"] == COUNTED[recipe.config.network])
        wide, tall = re.search(r"which it pads to (\d+)x(\d+)|$", recipe.cost).groups()
        pixels = int(wide or 480) * int(tall or 360)
        assert f"the {row['training_gib']:.1f} GiB in scripts/results/cost.json" in recipe.cost
        memory = row["training_gib"] * batch / cost["training_batch"] * rows * columns / pixels
    assert recipe.cost.startswith(f"{memory:.1f} GiB for a batch of {batch} at {rows}x{columns} over all processes")


def test_compact_recipes_have_the_terms_of_the_comparison() -> None:
    compare = load("compare")
    for name in ("segnode", "baseline", "hrnetv2", "unode", "nodes-unet"):
        config = RECIPES["compact-segnode-camvid" if name == "segnode" else f"compact-{name}"].config
        theirs = compare.shared_config(compare.Settings("train"), name, "split=train", compare.SETTINGS["adamw-1e-3"])
        run = {"out": config.out, "iterations": config.iterations, "warmup": config.warmup, "resume": False}
        run |= {"validate": config.validate, "validate_every": config.validate_every}
        assert config == replace(theirs, **run)
        assert config.iterations <= math.ceil(compare.BUDGET.epochs * 367 / compare.BUDGET.batch_size)
        assert config.warmup == config.iterations // 20
        assert config.validate_every == math.ceil(config.iterations / compare.BUDGET.validations)


def on_meta(recipe: Recipe, known: dict[tuple[object, ...], Network]) -> Network:
    """The network of a recipe at its full size, without memory."""
    config = replace(recipe.config, init=None, public=None)
    key = (config.network, config.solvers, config.gradient, kind(recipe))
    if key not in known:
        with torch.device("meta"):
            known[key] = network_of(config, CLASSES[kind(recipe)], kind(recipe) == "imagenet")
    return known[key]


@pytest.fixture(scope="module")
def networks() -> dict[tuple[object, ...], Network]:
    return {}


@pytest.mark.parametrize("name", RECIPES)
def test_builds_its_network_and_starts_it_from_the_pretrained_one(
    name: str, networks: dict[tuple[object, ...], Network]
) -> None:
    recipe = RECIPES[name]
    network = on_meta(recipe, networks)
    if kind(recipe) != "imagenet":
        assert len(network.classes) == len(CLASSES[kind(recipe)])
    if recipe.config.init:
        pretraining = RECIPES[recipe.config.init.parts[1]]
        fresh = transfer(network, on_meta(pretraining, networks).state_dict())
        assert fresh
        if kind(pretraining) == "mapillary":  # all but what depends on the classes comes over
            assert sorted({part.rpartition(".")[0].rpartition(".")[2] for part in fresh}) == ["logits"]
            assert len(fresh) < sum(part.startswith("head.") for part in network.state_dict())


@pytest.mark.parametrize("name", RECIPES)
def test_reads_a_batch_of_its_pictures(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    config = narrow(RECIPES[name].config)
    images, labels = next(iter(Feed(config).batches(0, 0, 1)))
    assert images.shape == (2, 3, *config.crop)
    assert len(labels) == 2


def differently_trained() -> list[str]:
    """Names of recipes, each the first with its network, data set, start, optimizer, gradient or kind of solver."""
    names, seen = [], set()
    for name, recipe in RECIPES.items():
        config = recipe.config
        adaptive = [config.parse_solver(text).adaptive for text in config.solvers]
        start = config.init.parts[1] if config.init else ""
        traits = {("network", config.network), ("data", kind(recipe)), ("start", start), ("adaptive", *adaptive)}
        traits |= {("optimizer", config.optimizer), ("gradient", config.gradient), ("paste", config.paste_classes)}
        if not traits <= seen:
            names.append(name)
        seen |= traits
    return names


@pytest.mark.usefixtures("shallow")
@pytest.mark.parametrize("name", differently_trained())
def test_takes_two_steps(name: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    config = replace(narrow(RECIPES[name].config), out=tmp_path)
    trainer = Trainer(config)
    before = {key: value.clone() for key, value in trainer.network.state_dict().items()}
    history = trainer.run()
    assert trainer.progress.done == 2
    assert any(not torch.equal(before[key], value) for key, value in trainer.network.state_dict().items())
    assert (tmp_path / "model").is_dir()
    assert all(0 <= history[-1][text] <= 100 for text in config.validate)


@pytest.mark.parametrize("name", [name for name, recipe in RECIPES.items() if recipe.evaluation])
def test_what_it_evaluates_is_possible(
    name: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    settings = load("train").evaluation_of(RECIPES[name], tmp_path)
    assert settings.checkpoint == tmp_path / "model"
    assert settings.predictions == (tmp_path / "answers" if name.startswith("cityscapes") else None)
    assert {text.partition(":")[0] for text in settings.data} == {kind(RECIPES[name])}


def test_two_commands_make_pretraining_and_a_row(folder: Path) -> None:
    """As a person types them, in the folder with the data, but for a narrow network and two steps."""
    small = ["--iterations", "2", "--batch-size", "2", "--crop", "32", "32", "--device", "cpu"]
    small += ["--layout", *NARROW["baseline"]]
    outputs = []
    for recipe, more in (
        ("imagenet-baseline", ["--out", "runs/first"]),
        ("camvid-baseline", ["--out", "runs/second", "--init", "runs/first/best"]),
    ):
        done = run(SCRIPTS / "train.py", "--recipe", recipe, *small, *more, folder=folder)
        assert done.returncode == 0, done.stderr
        outputs.append(done.stdout)
    assert '"imagenet:data/ImageNet,split=val":' in outputs[0]
    assert '"camvid:data/CamVid,split=val":' in outputs[1]
    assert "camvid:data/CamVid,split=test: mIoU" in outputs[1]
    record = json.loads((folder / "runs/second/model/training.json").read_text(encoding="utf-8"))["runs"][-1]
    assert (record["iterations"], record["settings"]["rate"]) == (2, 1e-4)
    assert record["settings"]["init"] == "runs/first/best"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("rate = 0.1", "rate = 0.1\nbatch_size = 16"), "has batch_size twice, of paper and chosen: keep one"),
        (("rate = 0.1", "raet = 0.1"), "sets the unknown setting 'raet': drop it, or correct its name"),
        (("rate = 0.1", "rate = 'high'"), "rate must be a number, not 'high'"),
        (("batch_size = 16", "batch_size = 1.5"), "batch_size must be a whole number, not 1.5"),
        (("batch_size = 16", "batch_size = true"), "batch_size must be a whole number, not True"),
        (("batch_size = 16", "batch_size = 0"), "batch_size must be at least 1, not 0"),
        (("crop = [384, 480]", "crop = [360]"), "crop must be a list of 2 whole numbers, not"),
        (('optimizer = "sgd"', 'optimizer = "lion"'), "optimizer must be 'adamw' or 'sgd', not 'lion'"),
        (("cost =", "price ="), "does not say its cost: add it as text"),
        (("[evaluation]", "[evaluating]"), "has an entry 'evaluating' that no recipe has: drop it"),
        (("rate = 0.1", "rate = = 0.1"), "cannot be read .*: correct it"),
        (('data = ["camvid:data/CamVid,split=train"]', ""), "is not right: .*'data'"),
    ],
)
def test_says_what_is_wrong_with_a_recipe(tmp_path: Path, change: tuple[str, str], sentence: str) -> None:
    text = (SCRIPTS / "recipes" / "camvid-segnode.toml").read_text(encoding="utf-8")
    assert text.count(change[0]) >= 1
    (tmp_path / "mine.toml").write_text(text.replace(*change, 1), encoding="utf-8")
    with pytest.raises(ConfigError, match=sentence) as caught:
        read_recipe(tmp_path / "mine.toml")
    assert "mine.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_home_folder_is_meant_in_a_recipe_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/someone")
    text = (SCRIPTS / "recipes" / "camvid-segnode.toml").read_text(encoding="utf-8")
    text = text.replace("camvid:data/CamVid", "camvid:~/CamVid").replace("[chosen]", '[chosen]\nout = "~/mine"')
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    recipe = read_recipe(tmp_path / "mine.toml")
    assert recipe.config.out == Path("/home/someone/mine")
    assert recipe.config.data == ("camvid:~/CamVid,split=train",)  # whose loader knows whose home it is


@pytest.mark.parametrize("words", [["--recipe", "camvid-segnod"], ["--recipe"], ["--recipe=nothing"]])
def test_a_wrong_name_lists_the_right_ones(words: list[str]) -> None:
    with pytest.raises(ConfigError, match=r"choose one of camvid-baseline, camvid-hrnetv2, .*pascal-context-unode\.$"):
        load("train").parse_args(words)


def test_what_is_typed_takes_the_place_of_the_recipes() -> None:
    config, recipe = load("train").parse_args(["--rate", "0.2", "--recipe", "camvid-segnode", "--out", "mine"])
    assert config == replace(recipe.config, rate=0.2, out=Path("mine"))


@pytest.mark.parametrize(
    ("options", "error", "sentence"),
    [
        (
            {"scale": (1.0,)},
            ConfigError,
            "the recipe camvid-segnode sets the unknown setting 'scale'",
        ),
        ({"scales": (0.0,)}, ConfigError, "Scales are one or more factors above 0"),
        ({"flip": "yes"}, ConfigError, "flip must be true or false, not 'yes'"),
        ({"data": ("camvid:nowhere,split=test",)}, DataError, "nowhere"),
    ],
)
def test_an_evaluation_that_cannot_be_is_refused_before_the_training(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: dict[str, Any],
    error: type[Exception],
    sentence: str,
) -> None:
    monkeypatch.chdir(folder)
    recipe = RECIPES["camvid-segnode"]
    wrong = replace(recipe, evaluation={**recipe.evaluation, **options})
    with pytest.raises(error, match=sentence):
        load("train").main(replace(narrow(recipe.config), out=tmp_path / "run"), wrong)
    assert not (tmp_path / "run").exists()
