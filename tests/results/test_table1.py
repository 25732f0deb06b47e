"""Table 1: what is no such table."""

from typing import Any

import pytest

from segnode.errors import DataError
from segnode.results.table1 import Table1
from tests.results.made_up import cell, row, table1


@pytest.mark.parametrize(
    "changes",
    [
        {"rows": []},
        {"columns": []},
        {"rows": [{"name": "A", "network": "a", "mapillary": False, "cells": {}}]},
        {"rows": [row("A", "a", cell(181.0), cell(None))]},
        {"rows": [row("A", "a", cell(81.0) | {"measured": "much"}, cell(None))]},
        {"provenance": {}},
        {"compact": [{"network": "x"}]},
        {"open": None},
    ],
)
def test_what_does_not_hold_together_is_no_table(changes: dict[str, Any]) -> None:
    with pytest.raises(DataError, match=r"Input should|Field required|no rows|other cells than"):
        Table1.from_json(table1(**changes))
