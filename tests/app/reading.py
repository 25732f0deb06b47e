"""A page of the app without a browser, and what is to be read on it."""

import json

from streamlit.testing.v1 import AppTest


def opened(view: str, **address: str | list[str]) -> AppTest:
    """The page of the folder `view` below app/views (`paper.cost`), run once. address: of the link it is opened by."""
    page = AppTest.from_function(_script, default_timeout=60, args=(view,))
    page.query_params.update(address)
    page.run()
    assert not page.exception
    return page


def html(page: AppTest) -> str:
    return " ".join(element.proto.body for element in page.get("html"))


def captions(page: AppTest) -> str:
    return " ".join(caption.value for caption in page.caption).replace("\\", "")


def figures(page: AppTest) -> list[dict]:
    assert not page.exception
    return [json.loads(chart.proto.spec) for chart in page.get("plotly_chart")]


def _script(view: str) -> None:
    from importlib import import_module  # AppTest runs the text of this function alone

    import_module(f"app.views.{view}.view").page()
