"""The entry point of the app: it lists the pages and runs the one that is asked for.

streamlit run app/main.py
"""

from pathlib import Path

import streamlit as st

from app import address
from app.ui.style import add_style
from app.views.explore import view as explore
from app.views.learn import view as learn
from app.views.paper.accuracy import view as results
from app.views.paper.cost import view as cost
from app.views.paper.error import view as trajectory_error

st.set_page_config(page_title="SegNode Explorer", page_icon=str(Path(__file__).with_name("icon.svg")), layout="wide")
add_style(__file__)
with st.container(key="brand"):
    st.html("<h1>SegNode Explorer</h1>")
paper = [
    st.Page(trajectory_error.page, title="Fig. 4: error", url_path="fig4"),
    st.Page(results.page, title="Table 1: accuracy", url_path="results"),
    st.Page(cost.page, title="Table 2: cost", url_path="cost"),
]
first = [st.Page(explore.page, title="Explore", default=True), st.Page(learn.page, title="Learn", url_path="learn")]
page = st.navigation({"": first, "The paper": paper}, position="top")
if page in paper:
    with st.container(horizontal=True, gap="small", key="paper-pages"):
        for each in paper:
            st.page_link(each)
with address.checked():  # after navigation, so that a rerun stays on this page
    page.run()
