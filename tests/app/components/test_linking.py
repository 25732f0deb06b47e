"""Components are ES modules: who needs whom is in their imports, the kit knows no component, none is run when old."""

import os
import re
import shutil
from collections.abc import Generator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from scripts.serving import ROOT, free_port, serving

COMPONENTS = ROOT / "app" / "components"
KIT = COMPONENTS / "kit"
MODULES = sorted(COMPONENTS.glob("*/*.js"))
TINY = Path(__file__).parent / "tiny"
PAGE = """
import sys
from pathlib import Path

import streamlit as st

from app.components import linking

tiny = linking.component(Path(__file__).parent / "tiny")
tiny(data="{data}", key="tiny", on_place_change=lambda: None)
st.write("The server knows", str(st.session_state["tiny"].get("place")))
"""


def imports(file: Path) -> dict[str, list[str]]:
    """The names a module imports, by the path of the module it has them from."""
    found = re.findall(r'^import \{([^}]*)\} from "([^"]+)";$', file.read_text(encoding="utf-8"), re.MULTILINE)
    return {path: names.replace(",", " ").split() for names, path in found}


def exports(file: Path) -> set[str]:
    """The names a module exports."""
    pattern = r"^export (?:async )?(?:class|const|function) (\w+)"
    return set(re.findall(pattern, file.read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("file", MODULES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_what_a_module_imports_is_exported_and_used(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert len(re.findall(r"^import ", text, re.MULTILINE)) == len(imports(file)), "an import in another form"
    for path, names in imports(file).items():
        assert set(names) <= exports((file.parent / path).resolve()), path
        assert [name for name in names if len(re.findall(rf"\b{name}\b", text)) == 1] == [], "imported and not used"


def test_what_is_exported_is_imported_somewhere() -> None:
    imported = {
        ((file.parent / path).resolve(), name)
        for file in MODULES
        for path, names in imports(file).items()
        for name in names
    }
    assert {(file, name) for file in MODULES for name in exports(file)} - imported == set()


def test_a_module_imports_from_its_own_folder_or_the_kit() -> None:
    for file in MODULES:
        places = {(file.parent / path).resolve().parent for path in imports(file)}
        assert places <= {file.parent, KIT}, file


def test_no_module_imports_itself_by_way_of_others() -> None:
    def visit(file: Path, way: tuple[Path, ...]) -> None:
        assert file not in way, [each.name for each in (*way, file)]
        for path in imports(file):
            visit((file.parent / path).resolve(), (*way, file))

    assert len(MODULES) > 10
    for file in MODULES:
        visit(file, ())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A page with the tiny component, to be served."""
    shutil.copytree(TINY, tmp_path / "tiny")
    (tmp_path / "page.py").write_text(PAGE.format(data="first data"))
    return tmp_path


@pytest.fixture
def environment(folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "HOME": str(folder),
        "PYTHONPATH": str(ROOT),
        "STREAMLIT_SERVER_FILE_WATCHER_TYPE": "none",
        "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
        "STREAMLIT_BROWSER_SERVER_ADDRESS": "localhost",
    }


@pytest.fixture
def page(context: BrowserContext) -> Generator[Page]:
    opened = context.new_page()
    opened.set_default_timeout(60_000)
    yield opened
    opened.close()


def test_a_second_component_uses_the_kit_and_not_the_scrubber(
    folder: Path, environment: dict[str, str], page: Page
) -> None:
    with serving(folder / "output", environment, folder, folder / "page.py") as served:
        page.goto(f"{served.url}?place=7&other=1")
        expect(page.locator(".tiny p")).to_have_text("first modules for first data")
        dot, tiny = page.locator("circle"), page.locator(".tiny")
        expect(dot).to_have_attribute("cx", "7")
        tiny.focus()
        for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "c"):  # Streamlit would ask whether to clear its cache
            page.keyboard.press(key)
        expect(dot).to_have_attribute("cx", "8")
        page.wait_for_function("location.search === '?place=8&other=1'")
        expect(page.locator(".stApp")).to_contain_text("The server knows 8")
        page.locator(".tiny svg").click(position={"x": 60, "y": 5})
        expect(dot).to_have_attribute("cx", "60")
        page.locator("label", has_text="Blue").click()
        colour = "(canvas) => [...canvas.getContext('2d').getImageData(0, 0, 1, 1).data]"
        assert page.locator("canvas").evaluate(colour) == [0, 0, 255, 255]
        assert page.locator("[role=dialog]").count() == 0


def test_modules_from_before_an_upgrade_are_never_run_with_new_data(
    folder: Path, environment: dict[str, str], page: Page
) -> None:
    """Not in a tab that stayed open and is used again, nor when it is loaded again with all the browser has kept."""
    port, asked = free_port(), []
    page.on("request", lambda request: asked.append(request.url))
    words = page.locator(".tiny p")
    with serving(folder / "output", environment, folder, folder / "page.py", port) as served:
        page.goto(served.url)
        expect(words).to_have_text("first modules for first data")
    (folder / "tiny" / "greeting.js").write_text('export const GREETING = "second modules";')
    (folder / "page.py").write_text(PAGE.format(data="second data"))
    with serving(folder / "output", environment, folder, folder / "page.py", port) as served:
        expect(page.get_by_test_id("stConnectionStatus")).to_have_count(0)
        page.locator(".tiny").press("ArrowRight")
        expect(words).to_have_text("second modules for second data")
        page.reload()
        expect(words).to_have_text("second modules for second data")
    assert [url for url in asked if "greeting" in url or "tiny" in url] == []
