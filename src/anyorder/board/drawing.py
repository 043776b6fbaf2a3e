"""The board: its HTML, which ``sphinx/static/board.js`` fills in, and what it says of outcomes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from anyorder.board.builds import in_words, reached_by
from anyorder.board.turns import Turns
from anyorder.board.words import ENDS, mark, thread_class
from anyorder.exploring import Exploration, PossibleOutcome

__all__ = ["drawn", "told"]

SPACES = re.compile(r"^ +| {2,}")


def told(
    exploration: Exploration, possible: PossibleOutcome, turns: Turns, *, builds: bool
) -> dict[str, Any]:
    """Return what the board says of an outcome when it is reached.

    Args:
        exploration: of the program
        possible: the outcome
        turns: what is played on the board
        builds: whether to say which builds can have it; not of a program that starts processes,
            each of which has a GIL of its own, nor of an outcome of some settings alone
    """
    said: dict[str, Any] = {"text": possible.outcome.stdout}
    if possible.outcome.ends in ENDS:
        said["ends"] = ENDS[possible.outcome.ends]
    counts = [each.interleavings for each in exploration.outcomes]
    if possible in exploration.outcomes and None not in counts:
        total = sum(each or 0 for each in counts)
        ways = possible.interleavings
        leads = "leads" if ways == 1 else "lead"
        said["ways"] = f"{ways:,} of {total:,} schedules {leads} to this."
    if builds and not (reached := reached_by([possible])).by_all:
        said["ways"] = f"{said.get('ways', '')} It can happen {in_words(reached)}.".strip()
    if possible.witness and (waiting := turns.waits(possible.witness[-1])):
        said["waits"] = waiting
    return said


def drawn(turns: Turns, texts: Iterable[str], choices: Sequence[str], lines: Iterable[str]) -> str:
    """Return the board as it is before anything has happened, empty.

    Args:
        turns: what is played on it
        texts: what the program can print, for which there is to be room
        choices: the names of the outcomes, by which a reader chooses one
        lines: those of the program, as HTML
    """
    players = turns.players if turns.goals else []
    shown_as = {False: ("div", ""), True: ("button", ' type="button"')}
    lanes = ""
    for thread, name in enumerate(turns.threads):
        if players and thread not in players:
            continue
        tag, attributes = shown_as[bool(players)]
        key = len(players) and players.index(thread) + 1
        press = f' aria-keyshortcuts="{key}"><kbd aria-hidden="true">{key}</kbd>' if key else ">"
        lanes += (
            f'<{tag}{attributes} class="anyorder-lane {thread_class(thread)}" '
            f'data-thread="{thread}"{press}<b>{mark(thread)} {escape(name)}</b>'
            f"<span>&nbsp;</span><i>&nbsp;</i></{tag}>"
        )
    options = "".join(f"<option>{escape(each)}</option>" for each in choices)
    chooser = f'<select aria-label="Outcome">{options}</select>' if len(choices) > 1 else ""
    buttons = [("back", "Back", "u"), ("next", "Next", "ArrowRight")]
    if players:
        buttons += [("hint", "Hint", "h"), ("again", "Start again", "")]
    controls = "".join(
        f'<button type="button" data-do="{do}"{f" aria-keyshortcuts={key!r}" if key else ""}>'
        f"{words}</button>"
        for do, words, key in buttons
    )
    if players:
        controls += '<label><input type="checkbox"> a whole line at once</label>'
    events = [event for edges in turns.edges for event, _ in edges]
    facts = []
    if any("sets" in event for event in events):
        facts.append(("Shared values that have changed", "values"))
    if any("holds" in event for event in events):
        facts.append(("Locks", "locks"))
    if players and len(players) < len(turns.threads):
        facts.append(("Meanwhile", "others"))
    drawn = "".join(
        f'<div><dt>{words}</dt><dd data-fact="{fact}">&nbsp;</dd></div>' for words, fact in facts
    )
    most = max((text.count("\n") for text in texts), default=0)
    room = "\n" * max(most, 1)  # so that what is below stays where it is
    return (
        '<div class="anyorder-live">'
        f'<div class="anyorder-lanes">{lanes}</div>'
        f'<div class="anyorder-controls">{controls}{chooser}</div>'
        '<div class="anyorder-status" role="status">&nbsp;</div>'
        '<p class="anyorder-now">&nbsp;</p>'
        f'<div class="anyorder-table">{_code(lines)}<dl>{drawn}'
        f'<div><dt>Output</dt><dd><pre tabindex="0" role="group" aria-label="Output so far">{room}'
        "</pre></dd></div></dl></div></div>"
    )


def _code(lines: Iterable[str]) -> str:
    """Return the program, a line an item.

    Several spaces are of the kind that does not break: of others that stand alone between tags, one
    would be left once an extension has read the page with Beautiful Soup.
    """
    items = "".join(
        f"<li><code>{SPACES.sub(unbroken, line) or ' '}</code><div></div></li>" for line in lines
    )
    name = "The program, and where its threads are"
    return f'<ol class="anyorder-code highlight" tabindex="0" aria-label="{name}">{items}</ol>'


def unbroken(spaces: re.Match[str]) -> str:
    """Return spaces that do not break in place of those that were found."""
    return "&nbsp;" * len(spaces.group())
