"""The browser's side of a component: a folder of ES modules, which import each other and those of the kit.

The modules travel as text with the page and its data, in one message, and the browser links them (`linking.js`). As
files with addresses they could not be served as safely: Streamlit's addresses of component files carry no version, so
that a browser may run a copy from before an upgrade on new data, and they exist only for the files of a package that
has the name of its distribution.
"""

import json
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

_HERE = Path(__file__).parent
_KIT = _HERE / "kit"


def component(folder: Path) -> ComponentRenderer:
    """What mounts the component of a folder.

    The folder holds NAME.html, NAME.css and NAME.js under its own name, and the modules that NAME.js imports as
    `./module.js`, beside those of the kit, `../kit/module.js`. The default export of NAME.js is the function that
    Streamlit calls; the kit's styles come before NAME.css, and any other sheets of the folder after it. Raises
    `OSError` where one of the three is missing.
    """
    html, own = (folder / f"{folder.name}.{kind}" for kind in ("html", "css"))
    others = sorted(sheet for sheet in folder.glob("*.css") if sheet != own)
    html, css = _text(html), "".join(map(_text, (_KIT / "kit.css", own, *others)))
    return st.components.v2.component(folder.name, html=html, css=css, js=script(folder))


def script(folder: Path) -> str:
    """The modules of a component and of the kit by their paths, and what has the browser link them."""
    files = sorted(file for place in (_KIT, folder) for file in place.glob("*.js"))
    modules = {f"{file.parent.name}/{file.name}": _text(file) for file in files}
    entry = f"{folder.name}/{folder.name}.js"
    return f"const MODULES = {json.dumps(modules)}, ENTRY = {json.dumps(entry)};\n{_text(_HERE / 'linking.js')}"


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")
