"""What the extension adds to Sphinx, and the settings that it reads from ``conf.py``."""

from __future__ import annotations

from importlib.metadata import version

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError
from sphinx.util.typing import ExtensionMetadata

from anyorder import doctests
from anyorder.checking import LIMITS, REFUSALS, RUNS, TIMEOUT, limits
from anyorder.checking.limits import FOLLOW, REQUIRE_EXPLORED, SETTINGS
from anyorder.checking.settings import NARROWING
from anyorder.sphinx import (
    assets,
    board,
    builder,
    checks,
    exercise,
    fix,
    observed,
    outcomes,
    playground,
    predict,
    programs,
    reachable,
    transcript,
    yours,
)

__all__ = ["setup_extension"]


def setup_extension(app: Sphinx) -> ExtensionMetadata:
    """Add the directives, the checks, the doctest builder and the style of the tables."""
    doctests.install()
    app.setup_extension("sphinx.ext.doctest")
    app.add_config_value(
        "anyorder_runs", RUNS, "", int, "How often a build runs a program a setting."
    )
    app.add_config_value("anyorder_timeout", TIMEOUT, "", (float, int), "Seconds a run may take.")
    for name, words in SETTINGS.items():
        usual = getattr(LIMITS, name)
        app.add_config_value(
            f"anyorder_{name}", "" if usual is None else usual, "", (int, float, str), words
        )
    for name, words in NARROWING.items():
        # which programs held is another question then, so all pages are read again
        app.add_config_value(f"anyorder_{name}", [], "env", (str, list, tuple), words)
    app.add_config_value("anyorder_require_explored", False, "env", bool, REQUIRE_EXPLORED)  # noqa: FBT003
    app.add_config_value("anyorder_follow", [], "env", (str, list, tuple), FOLLOW)
    app.add_config_value(
        "anyorder_checked_folders",
        [],
        "env",
        (list, tuple),
        "Folders of the docs in which no session and no included program may go unchecked.",
    )
    app.connect("config-inited", _look_at_settings)
    drawn = (outcomes, observed, reachable, transcript, predict, board, fix, exercise, yours)
    for part in (checks, *drawn, playground, programs, assets, builder):
        part.setup(app)
    return {"version": version("anyorder"), "env_version": 7, "parallel_read_safe": True}


def _look_at_settings(app: Sphinx, config: Config) -> None:
    """Refuse settings that have no meaning.

    Raises:
        ConfigError: there is one
    """
    try:
        limits(config.anyorder_runs, config.anyorder_timeout)
        checks.limits_in(config)
        checks.wanted_in(config)
    except (ValueError, *REFUSALS) as error:
        raise ConfigError(str(error)) from None
    for folder in config.anyorder_checked_folders:
        if not (app.srcdir / folder).is_dir():
            raise ConfigError(
                f"anyorder_checked_folders names {folder!r}, which is no folder of the docs: "
                "fix its name"
            )
