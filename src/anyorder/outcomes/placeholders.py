"""What stands in an outcome for a text that differs in each run: a time, a number by chance.

The explorer writes a placeholder where a program shows such a text. A real run shows the text
itself; it has the outcome that :meth:`Placeholders.put_into` makes of it, so that both sides are
the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from anyorder.outcomes.model import Ends, Outcome

__all__ = [
    "ADDRESS", "ANY", "CHANCE", "CHARACTERS", "COMPUTER", "FOLDER", "IDENT", "RAW", "TEMPORARY",
    "TIME", "UNIQUE", "VERSION", "Placeholders", "as_given", "has_placeholder", "in_folder",
    "numbered", "process", "without_folder",
]  # fmt: skip

TIME = "<time>"
CHANCE = "<random>"
ADDRESS = "<address>"
IDENT = "<ident>"
VERSION = "<version>"  # of a package that is installed
COMPUTER = "<computer>"  # what a computer, its system or its Python says of itself
UNIQUE = "<uuid>"
TEMPORARY = "<folder>"  # one that is made for a while, under a name by chance
# Stands for the folder of a program. It is in no text of a program's own, and in no outcome: an
# exploration that would show it is refused.
FOLDER = "\u27eafolder\u27eb"
RAW = re.compile(r"<process-(\d+)>")  # what stands for a process until it has its number

DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
NAMES = "|".join(f"{name}|{name[:3]}" for name in f"{DAYS}|{MONTHS}".split("|"))
NUMBER = r"[ ]*[-+]?\d[\d,_]*(?:\.\d+)?(?:e[-+]\d+)?%?[ ]*"
# as clocks and dates are written, by ``strftime``, ``isoformat`` and ``repr``
WRITTEN = (
    rf"(?:datetime\.\w+|time\.struct_time)\([^\n]*?\)|"
    rf"(?:[-+\d:.,/ %_TZ]|e[-+]\d|{NAMES}|[AP]M|days?|[A-Z]{{3,4}})+"
)
STANDS_FOR = {
    TIME: WRITTEN,
    CHANCE: NUMBER,
    ADDRESS: r"(?:0x)?[0-9a-fA-F]+",
    IDENT: r"\d+",
    TEMPORARY: r"/[^\n]+",
    VERSION: r"[\w.+!-]+",
    COMPUTER: r"[^\n]+",
    # or the beginning of one
    UNIQUE: r"[ ]*(?:(?:UUID\('|urn:uuid:)?[0-9a-f][-0-9a-f]*(?:'\))?|[urnidUID:('-]+)[ ]*",
}
# the characters that may be in what each stands for; any, where there are none
CHARACTERS: dict[str, str | None] = {
    TIME: None, FOLDER: None, TEMPORARY: None, VERSION: None, COMPUTER: None, UNIQUE: None,
    CHANCE: "0123456789.,_+-e% ", ADDRESS: "x0123456789abcdefABCDEF",
}  # fmt: skip
PLACEHOLDER = re.compile(rf"({'|'.join(map(re.escape, STANDS_FOR))}|<\d+>)")


ANY = re.compile(rf"{'|'.join(map(re.escape, STANDS_FOR))}|{RAW.pattern}|{FOLDER}")


def process(number: int) -> str:
    """Return what stands for the number of a process, until it is known which is shown first."""
    return f"<process-{number}>"


def numbered(text: str, known: dict[str, str]) -> str:
    """Return a text with placeholders for the numbers of processes, in the order of their coming.

    Args:
        text: the text, in which :func:`process` stands for them
        known: the placeholders of those that have come before, to which those of the text are added
    """

    def number(found: re.Match[str]) -> str:
        return known.setdefault(found[1], f"<{len(known) + 1}>")

    return RAW.sub(number, text) if "<process-" in text else text


def has_placeholder(text: str) -> bool:
    """Whether there is a placeholder in a text of a program that is explored."""
    return ("<" in text and ANY.search(text) is not None) or FOLDER in text


def in_folder(name: str) -> str:
    """Return the path of a file of a program that is explored: its folder is not known.

    Args:
        name: its name, from that folder on
    """
    return f"/{FOLDER}/{name}"


def as_given(name: str) -> str:
    """Return the path by which a program is run: which folder is in it is not known, if any is.

    Args:
        name: its name
    """
    return f"{FOLDER}/{name}"


def without_folder(text: str) -> str:
    """Return a text in which no file's name has the folder of the program."""
    return text.replace(f"/{FOLDER}/", "").replace(f"{FOLDER}/", "")


@cache
def pattern(text: str) -> re.Pattern[str]:
    """Return what matches the texts that a text with placeholders stands for."""
    parts = []
    known: set[str] = set()
    for number, part in enumerate(PLACEHOLDER.split(text)):
        name = f"process_{part[1:-1]}"
        if not number % 2:
            parts.append(re.escape(part))
        elif part in STANDS_FOR:
            parts.append(f"(?:{STANDS_FOR[part]})")
        elif name in known:
            parts.append(f"(?P={name})")
        else:
            known.add(name)
            parts.append(rf"(?P<{name}>\d+)")
    return re.compile("".join(parts))


def stands_for(template: str, text: str) -> bool:
    """Tell whether a text with placeholders stands for a text, each process for another number."""
    found = pattern(template).fullmatch(text)
    return found is not None and len(set(found.groups())) == len(found.groups())


class Placeholders:
    """What puts placeholders into what real runs came to.

    Args:
        outcomes: the outcomes that the program may have, as the explorer has them
    """

    def __init__(self, outcomes: Iterable[Outcome]) -> None:
        self.known = set(outcomes)
        self.templates = [
            each
            for each in self.known
            if PLACEHOLDER.search(each.stdout) or PLACEHOLDER.search(each.stderr)
        ]
        self.templates.sort(key=lambda each: (each.stdout, each.stderr, str(each.ends)))

    def put_into(self, outcome: Outcome) -> Outcome:
        """Return an outcome with placeholders where one that the program may have has them.

        It is returned as it is where there is no such outcome. Of a run that did not end, what it
        has printed by then counts.
        """
        if outcome in self.known:
            return outcome
        for each in self.templates:
            if outcome.ends is Ends.UNENDED:
                if each.ends is not Ends.EXIT and stands_for(each.stdout, outcome.stdout):
                    return replace(outcome, stdout=each.stdout)
            elif (
                (each.exit, each.ends) == (outcome.exit, outcome.ends)
                and stands_for(each.stdout, outcome.stdout)
                and stands_for(each.stderr, outcome.stderr)
            ):
                return each
        return outcome
