"""The page for a public address: that of `main.py`, and for link previews a description and a picture.

    streamlit run app/public.py

Programs that draw a preview of a link read the document and run no script, so that what Streamlit adds later they never
see: this puts their tags into the document itself. The document also says where the server is, as Streamlit would
otherwise look for it under the address of each page first, and fail there.
"""

import html
import json
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

TITLE = "SegNode Explorer"
DESCRIPTION = "Drag time and watch a neural ODE decide what every pixel of a street is."
#: Under `app/static/`, 1200 x 630 pixels; drawn by `scripts/gallery.py`.
PICTURE = "app/static/preview.jpg"
#: Addresses of the pages that `main.py` routes to.
PAGES = ("/", "/learn", "/fig4", "/cost", "/results")


def document(base: str) -> str:
    """Streamlit's own document with the tags of a link preview. base: address that the page is served under."""
    tags = {
        "og:type": "website",
        "og:title": TITLE,
        "og:description": DESCRIPTION,
        "og:image": f"{base}{PICTURE}",
        "og:image:width": "1200",
        "og:image:height": "630",
    }
    lines = [f'<meta property="{key}" content="{html.escape(value)}" />' for key, value in tags.items()]
    path = json.dumps(urlsplit(base).path)
    lines += [
        f"<script>window.__streamlit = {{ BACKEND_BASE_URL: location.origin + {path} }}</script>",
        f'<meta name="description" content="{html.escape(DESCRIPTION)}" />',
        '<meta name="twitter:card" content="summary_large_image" />',
        f"<title>{TITLE}</title>",
    ]
    own = (files("streamlit") / "static" / "index.html").read_text(encoding="utf-8")
    return own.replace("<title>Streamlit</title>", "\n    ".join(lines), 1)


async def _page(request: Request) -> HTMLResponse:
    return HTMLResponse(document(str(request.base_url)), headers={"Cache-Control": "no-cache"})


app = st.App(Path(__file__).with_name("main.py"), routes=[Route(path, _page) for path in PAGES])
