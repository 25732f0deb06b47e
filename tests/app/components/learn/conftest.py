"""The modules of the lessons' figures in a Chromium of their own, without the page."""

from collections.abc import Callable, Generator
from typing import Any

import pytest
from playwright.sync_api import Browser, Route

from scripts.serving import ROOT

COMPONENTS = ROOT / "app" / "components"
_ADDRESS = "http://components.test"

#: Evaluate a function of JavaScript with the modules of `app/components/learn/` by their names, and one argument.
Evaluate = Callable[..., Any]


@pytest.fixture(scope="module")
def evaluate(chromium: Browser) -> Generator[Evaluate]:
    """`evaluate(modules, function, argument)`: what the function returns of `({module: exports}, argument)`."""

    def serve(route: Route) -> None:
        path = route.request.url.removeprefix(f"{_ADDRESS}/")
        file = COMPONENTS / path
        kind = "text/javascript" if path else "text/html"
        route.fulfill(body=file.read_text(encoding="utf-8") if path else "", content_type=kind)

    page = chromium.new_page()
    page.route(f"{_ADDRESS}/**", serve)
    page.goto(f"{_ADDRESS}/")

    def run(modules: list[str], function: str, argument: object = None) -> object:
        return page.evaluate(
            f"""async ({{ modules, argument }}) => {{
                const imported = {{}};
                for (const name of modules) imported[name] = await import(`/learn/${{name}}.js`);
                return ({function})(imported, argument);
            }}""",
            {"modules": modules, "argument": argument},
        )

    yield run
    page.close()
