"""The real data that lie beside the repository on machines that have them."""

from __future__ import annotations

from pathlib import Path

import pytest

DATA = Path(__file__).parents[3] / "shared" / "data"


def needed(*names: str) -> pytest.MarkDecorator:
    """Skip a test, saying so, where one of the named folders of the shared data is absent."""
    absent = [name for name in names if not (DATA / name).exists()]
    return pytest.mark.skipif(bool(absent), reason=f"shared data not here: {', '.join(absent)}")
