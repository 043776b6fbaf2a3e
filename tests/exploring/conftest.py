"""What the explorer's tests share."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("greenlet")

from anyorder.exploring import Exploration, explore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def explored(tmp_path: Path) -> Callable[..., Exploration]:
    """Explore the text of a program."""

    def run(source: str, **limits: object) -> Exploration:
        program = tmp_path / "program.py"
        program.write_text(dedent(source).lstrip(), encoding="utf-8")
        return explore(program, **limits)

    return run
