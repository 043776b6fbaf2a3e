"""The command and its exit statuses.

0 held, 1 did not hold, 2 could not be run, 130 interrupted.
"""

from __future__ import annotations

import click

from anyorder.cli.accept import accept
from anyorder.cli.check import check
from anyorder.cli.explore import explore
from anyorder.cli.observe import observe
from anyorder.cli.run import run

__all__ = ["main"]


INTERRUPTED = 130  # as shells say it


class Commands(click.Group):
    """Commands that tell an interrupt from what did not hold."""

    def invoke(self, context: click.Context) -> object:
        """Run a command."""
        try:
            return super().invoke(context)
        except KeyboardInterrupt as interrupt:
            click.echo("\n".join([*filter(None, [str(interrupt)]), "interrupted"]), err=True)
            raise SystemExit(INTERRUPTED) from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="anyorder")
def main() -> None:
    """Run concurrent programs, and hold every outcome against what is expected.

    Exit status: 0 where all held, 1 where something did not hold, 2 where something could not be
    run, 130 where it was interrupted.
    """


for command in (run, check, explore, accept, observe):
    main.add_command(command)
