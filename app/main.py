"""The page's only entry: it routes, and nothing else.

streamlit run app/main.py
"""

from pathlib import Path

import streamlit as st

from app.views import explore

HERE = Path(__file__).parent
STYLE = (HERE / "style.css").read_text(encoding="utf-8")

st.set_page_config(page_title="SegNode Explorer", page_icon=str(HERE / "icon.svg"), layout="wide")
st.html(f"<style>\n{STYLE}\n</style>")
st.navigation([st.Page(explore.page, title="Explore", default=True)], position="top").run()
