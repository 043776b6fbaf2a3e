"""The outcome file: which outcomes a program may have, as TOML beside the program."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from anyorder.outcomes.entry import Conditions, Entry
from anyorder.outcomes.lines import Lines, Where
from anyorder.outcomes.model import Ends, Grade, Outcome
from anyorder.outcomes.patterns import (
    WILDCARD,
    AnyLines,
    Exact,
    Interleaved,
    Part,
    Pattern,
    Piece,
    UncountableError,
)
from anyorder.outcomes.reachable import Claim
from anyorder.outcomes.settings import Prompt, Setting, StartMethod, StdoutTo

__all__ = ["OutcomeFile", "OutcomeFileError"]

SECOND_PROMPT = WILDCARD + " "

PREEMPTIONS = re.compile(r"(1) preemption|(0|[2-9]|[1-9]\d+) preemptions")
FILE_ENDS = (Ends.EXIT, Ends.DEADLOCK, Ends.NEVER)
CONDITION_WORDS: Mapping[str, tuple[str, ...]] = {
    "start_method": tuple(StartMethod),
    "stdout_to": tuple(StdoutTo),
    "platform": ("linux", "darwin", "win32"),
    "prompt": tuple(Prompt),
}
CONDITION_KEYS = ("python", *CONDITION_WORDS)
FILE_KEYS = ("explored", "unexplored", "follow", "outcome", *CONDITION_KEYS)
ENTRY_KEYS = (
    *("grade", "stdout", "stderr", "exit", "ends", "count", "reachable", "why"),
    *CONDITION_KEYS,
)
EXAMPLES = {
    "grade": '"usual"',
    "stdout": '["hello", { any_order = ["a", "b"] }]',
    "why": "A sentence for the page.",
}


class OutcomeFileError(Exception):
    """An outcome file says something that has no meaning.

    Args:
        path: the file
        line: the line of the file, counted from 1
        message: what is wrong there, and the fix
    """

    def __init__(self, path: Path, line: int, message: str) -> None:
        super().__init__(f"{path}:{line}: {message}")
        self.path = path
        self.line = line


@dataclass(frozen=True)
class OutcomeFile:
    """The entries of one outcome file, in the order in which they are tried.

    Args:
        path: the file
        entries: its entries
        unexplored: why the program's outcomes cannot be explored, or ``None``
        preemptions: the outcomes are held only as far as schedules with at most so many preemptions
            have them; ``None`` is as far as can be
        last_line: the last line on which it says anything; more entries go below it
        when: the settings of which it speaks; the program is run and explored in no others
        follow: packages of others that are followed as the program's own modules are
    """

    path: Path
    entries: tuple[Entry, ...]
    unexplored: str | None = None
    preemptions: int | None = None
    last_line: int = 1
    when: Conditions = field(default_factory=Conditions)
    follow: tuple[str, ...] = ()

    @classmethod
    def read(cls, path: Path, *, begun: bool = False) -> OutcomeFile:
        """Read the outcome file at ``path``.

        Args:
            path: the file
            begun: whether its entries may be yet to come

        Raises:
            OutcomeFileError: the file is malformed or cannot be read; names line, key and fix
        """
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            line = path.read_bytes()[: error.start].count(b"\n") + 1
            raise OutcomeFileError(path, line, "is not UTF-8: save the file as UTF-8") from None
        except OSError as error:
            message = f"cannot be read ({error.strerror}): fix that"
            raise OutcomeFileError(path, 1, message) from None
        return cls.parse(path, text, begun=begun)

    @classmethod
    def parse(cls, path: Path, text: str, *, begun: bool = False) -> OutcomeFile:
        """Read the text of an outcome file.

        Args:
            path: where it stands, or is to stand
            text: the text
            begun: whether its entries may be yet to come

        Raises:
            OutcomeFileError: it is malformed; names line, key and fix
        """
        return _Reader(path, text).file(begun=begun)

    def entry_for(self, outcome: Outcome, setting: Setting) -> Entry | None:
        """Return the first entry that speaks of ``setting`` and matches ``outcome``."""
        if not self.when.met_by(setting):
            return None
        buffered = setting.stdout_to is not StdoutTo.UNBUFFERED
        # of a run that did not end the text may be only a beginning
        unended = outcome.ends is Ends.UNENDED
        for entry in self.entries if unended else self.that_may_print(outcome.stdout):
            if entry.when.met_by(setting) and entry.matches(outcome, buffered=buffered):
                return entry
        return None

    def that_may_print(self, text: str) -> list[Entry]:
        """Return the entries that may stand for ``text`` on standard output, in their order.

        Those that stand for one text alone are found by it, so that a file of thousands of them
        is not gone through for each outcome.
        """
        exact, others = self._by_text
        return sorted([*exact.get(text, ()), *others], key=attrgetter("number"))

    @cached_property
    def _by_text(self) -> tuple[dict[str, list[Entry]], list[Entry]]:
        """The entries that stand for one text, by that text; and the others."""
        exact: dict[str, list[Entry]] = {}
        others: list[Entry] = []
        for entry in self.entries:
            try:
                [text] = entry.stdout.texts(most=1)
            except UncountableError:
                others.append(entry)
            else:
                exact.setdefault(text, []).append(entry)
        return exact, others


class _Reader:
    """Reads one file, and knows where in it each value stands."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.session = path.with_suffix(".session").exists()
        self.text = text

    def file(self, *, begun: bool) -> OutcomeFile:
        try:
            content = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            line = re.search(r"line (\d+)", str(error))
            number = int(line[1]) if line else self.text.count("\n") + 1
            if "Cannot overwrite" in str(error):
                self._refuse_twice(number)
            raise OutcomeFileError(self.path, number, f"is not TOML: {error}") from None
        self._refuse_unknown(content, FILE_KEYS, ())
        unexplored = content.get("unexplored")
        if unexplored is not None and not (isinstance(unexplored, str) and unexplored.strip()):
            raise self._refusal(("unexplored",), 'needs a reason: unexplored = "it opens a socket"')
        preemptions = self._preemptions(content)
        entries = content.get("outcome", [])
        if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
            raise self._refusal(("outcome",), "needs double brackets: [[outcome]]")
        if not (entries or begun):
            message = "has no [[outcome]]: run `anyorder accept` on the program to propose some"
            raise OutcomeFileError(self.path, 1, message)
        read = tuple(self._entry(index, entry) for index, entry in enumerate(entries))
        if unexplored is not None or self.session:
            self._refuse_reachable(
                read, "cannot be held true where nothing is explored: leave it out"
            )
        if preemptions is not None:
            self._refuse_reachable(
                read, "cannot be held true where not everything is explored: leave it out"
            )
        last_line = self.text.rstrip().count("\n") + 1
        when = self._conditions((), content)
        follow = self._follow(content)
        return OutcomeFile(self.path, read, unexplored, preemptions, last_line, when, follow)

    def _follow(self, content: Mapping[str, Any]) -> tuple[str, ...]:
        packages = content.get("follow", [])
        if not isinstance(packages, list) or not all(
            isinstance(each, str) and each.isidentifier() for each in packages
        ):
            raise self._refusal(("follow",), 'needs a list of packages: follow = ["attr"]')
        return tuple(packages)

    def _refuse_twice(self, number: int) -> None:
        """Refuse a key that is there a second time, whose value ends on the line of this number.

        It begins after the last line up to which the file is TOML.
        """
        lines = self.text.split("\n")[:number]
        for begin in reversed(range(number)):
            with suppress(tomllib.TOMLDecodeError):
                tomllib.loads("\n".join(lines[:begin]))
                key, *others = tomllib.loads("\n".join(lines[begin:]))
                if others or lines[begin].lstrip().startswith("["):
                    return
                message = f"{key} is there twice: leave one of the two out"
                raise OutcomeFileError(self.path, begin + 1, message) from None

    def _preemptions(self, content: Mapping[str, Any]) -> int | None:
        if "explored" not in content:
            return None
        value = content["explored"]
        found = PREEMPTIONS.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            raise self._refusal(
                ("explored",),
                f'is {value!r}: write how far, as explored = "2 preemptions", '
                "or leave it out where everything is explored",
            )
        if "unexplored" in content or self.session:
            why = "a session is not" if self.session else "this one is unexplored"
            raise self._refusal(
                ("explored",), f"goes with a program that is explored, and {why}: leave it out"
            )
        return int(found[1] or found[2])

    def _entry(self, index: int, entry: dict[str, Any]) -> Entry:
        here = ("outcome", index)
        self._refuse_unknown(entry, ENTRY_KEYS, here)
        for key in ("grade", "stdout"):
            if key not in entry:
                raise self._refusal(here, f"[[outcome]] has no {key}: add {key} = {EXAMPLES[key]}")
        grade = self._word((*here, "grade"), entry["grade"], tuple(Grade))
        ends = self._word((*here, "ends"), entry.get("ends", "exit"), FILE_ENDS)
        status = self._whole_number((*here, "exit"), entry.get("exit", 0))
        if ends != Ends.EXIT and "exit" in entry:
            raise self._refusal(
                (*here, "exit"), f'goes with ends = "exit", not with ends = "{ends}"'
            )
        count = entry.get("count")
        if count is not None and self._whole_number((*here, "count"), count) < 1:
            raise self._refusal((*here, "count"), "must be 1 or more: it counts distinct outcomes")
        why = entry.get("why", "")
        if not isinstance(why, str):
            raise self._refusal((*here, "why"), f'must be a string: why = "{EXAMPLES["why"]}"')
        return Entry(
            number=index + 1,
            line=self._lines.of(here),
            grade=Grade(grade),
            stdout=self._pattern((*here, "stdout"), entry["stdout"]),
            stderr=self._pattern((*here, "stderr"), entry.get("stderr", "")),
            exit=status if ends == Ends.EXIT else None,
            ends=Ends(ends),
            when=self._conditions(here, entry),
            count=count,
            why=" ".join(why.split()),
            reachable=self._reachable((*here, "reachable"), entry),
        )

    def _reachable(self, where: Where, entry: Mapping[str, Any]) -> Claim | None:
        if "reachable" not in entry:
            return None
        if entry["grade"] == Grade.FORBIDDEN:
            raise self._refusal(where, 'goes with what may be, not with grade = "forbidden"')
        try:
            return Claim.read(_listed(entry["reachable"]), self._lines.of(where))
        except ValueError as error:
            raise self._refusal(where, str(error)) from None

    def _refuse_reachable(self, entries: Iterable[Entry], message: str) -> None:
        """Refuse what is said of builds where nothing tells whether it is so."""
        for entry in entries:
            if entry.reachable is not None:
                where = ("outcome", entry.number - 1, "reachable")
                raise self._refusal(where, message)

    def _conditions(self, here: Where, entry: Mapping[str, Any]) -> Conditions:
        try:
            versions = map(str, _listed(entry.get("python", [])))
            python = tuple(SpecifierSet(each) for each in versions if each)
        except InvalidSpecifier:
            fix = 'must be versions as pip writes them: python = ">=3.14"'
            raise self._refusal((*here, "python"), fix) from None
        allowed = {
            key: tuple(
                self._word((*here, key), word, words) for word in _listed(entry.get(key, []))
            )
            for key, words in CONDITION_WORDS.items()
        }
        return Conditions(
            python=python,
            start_method=tuple(map(StartMethod, allowed["start_method"])),
            stdout_to=tuple(map(StdoutTo, allowed["stdout_to"])),
            platform=allowed["platform"],
            prompt=tuple(map(Prompt, allowed["prompt"])),
        )

    def _pattern(self, where: Where, value: object) -> Pattern:
        if isinstance(value, str):
            return Pattern(tuple(map(self._line_part, value.splitlines(keepends=True))))
        if not isinstance(value, list):
            raise self._refusal(where, f"must be a text or a list of parts: {EXAMPLES['stdout']}")
        return Pattern(tuple(self._part(where, part) for part in value))

    def _part(self, where: Where, part: object) -> Part:
        match part:
            case str():
                return self._line_part(self._one_line(where, part) + "\n")
            case {"any_order": [_, *_] as lines, **others} if not others:
                pieces = [self._piece(self._one_line(where, line) + "\n") for line in lines]
                return Interleaved(tuple((piece,) for piece in pieces))
            case {"interleaved": [_, *_] as sequences, **others} if not others:
                return Interleaved(tuple(self._sequence(where, each) for each in sequences))
        fix = 'a line, { any_order = ["a line", …] } or { interleaved = [["a piece", …], …] }'
        raise self._refusal(where, f"has a part {part!r}: write {fix}")

    def _sequence(self, where: Where, pieces: object) -> tuple[Piece, ...]:
        if not isinstance(pieces, list) or not all(isinstance(each, str) for each in pieces):
            fix = 'write { interleaved = [["a piece", …], …] }'
            raise self._refusal(where, f"interleaves {pieces!r}, which is no list of texts: {fix}")
        return tuple(Piece((each,)) for each in pieces if each)

    def _one_line(self, where: Where, line: object) -> str:
        if not isinstance(line, str):
            raise self._refusal(where, f'has {line!r} where a line is meant: write "{line}"')
        if "\n" in line:
            raise self._refusal(where, f"has {line!r} as one line: write one string a line")
        return line

    def _line_part(self, line: str) -> Part:
        if line.rstrip("\n") == WILDCARD:
            return AnyLines()
        return Exact(self._piece(line))

    def _piece(self, line: str) -> Piece:
        # in a session, three dots and a space begin a line with the second prompt; a line of the
        # screen ends without spaces, and so does the prompt of a line on which nothing was typed
        if self.session and line.startswith(SECOND_PROMPT):
            typed = line.removeprefix(WILDCARD).rstrip(" \n")
            first, *others = Piece.with_wildcards(typed).fragments
            end = line[len(line.rstrip("\n")) :]
            *others, last = WILDCARD + first, *others
            return Piece((*others, last + end))
        return Piece.with_wildcards(line)

    def _word(self, where: Where, value: object, words: tuple[str, ...]) -> str:
        if not isinstance(value, str) or value not in words:
            raise self._refusal(where, f"is {value!r}: write {_choice(words)}")
        return value

    def _whole_number(self, where: Where, value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._refusal(where, f"is {value!r}: write a whole number")
        return value

    def _refuse_unknown(
        self, table: Mapping[str, Any], known: tuple[str, ...], where: Where
    ) -> None:
        for key in table:
            if key not in known:
                near = difflib.get_close_matches(key, known, n=1)
                fix = f"did you mean {near[0]}?" if near else f"the keys are {', '.join(known)}"
                raise self._refusal((*where, key), f"is no key of an outcome file: {fix}")

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self.text)

    def _refusal(self, where: Where, message: str) -> OutcomeFileError:
        key = where[-1]
        named = f"{key} " if isinstance(key, str) else ""
        return OutcomeFileError(self.path, self._lines.of(where), named + message)


def _listed(value: object) -> list[object]:
    """Return ``value`` as a list: one word stands for a list of one."""
    return value if isinstance(value, list) else [value]


def _choice(words: Iterable[str]) -> str:
    return " or ".join(f'"{word}"' for word in words)
