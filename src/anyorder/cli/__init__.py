"""The command ``anyorder``."""

from anyorder.cli.main import main

__all__ = ["main"]
