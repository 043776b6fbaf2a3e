"""The Sphinx extension: ``extensions = ["anyorder.sphinx"]``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__all__ = ["setup"]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Set the extension up."""
    from anyorder.sphinx.extension import setup_extension  # noqa: PLC0415 - only Sphinx needs it

    return setup_extension(app)
