"""The command and its exit statuses.

0 held, 1 did not hold, 2 could not be run, 130 interrupted, 141 nobody read on.
"""

from __future__ import annotations

import io
import os
import sys

import click

from anyorder.cli.accept import accept
from anyorder.cli.check import check
from anyorder.cli.explore import explore
from anyorder.cli.observe import observe
from anyorder.cli.run import run
from anyorder.cli.show import show

__all__ = ["main"]


INTERRUPTED = 130  # as shells say it
NOBODY_READS = 141  # likewise, of a command that SIGPIPE ended


class Commands(click.Group):
    """Commands that tell an interrupt, and a reader who has gone, from what did not hold."""

    def invoke(self, context: click.Context) -> object:
        """Run a command."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")  # a locale may lack characters
        try:
            try:
                return super().invoke(context)
            finally:
                sys.stdout.flush()
        except KeyboardInterrupt as interrupt:
            click.echo("\n".join([*filter(None, [str(interrupt)]), "interrupted"]), err=True)
            raise SystemExit(INTERRUPTED) from None
        except BrokenPipeError:
            # what is left to be written, as Python ends, goes nowhere
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(NOBODY_READS) from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="anyorder")
def main() -> None:
    """Run concurrent programs, and hold every outcome against what is expected.

    Exit status: 0 where all held, 1 where something did not hold, 2 where something could not be
    run, 130 where it was interrupted, 141 where nobody read to the end what it printed.
    """


for command in (run, check, explore, accept, observe, show):
    main.add_command(command)
