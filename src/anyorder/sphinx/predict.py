"""``{predict}``: the reader says what a program can print, before the page does.

A question is about a program, and then its choices are made of the outcomes that the explorer
found; or it is written by the author, with a list of answers.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import ClassVar

from docutils import nodes
from sphinx.application import Sphinx

from anyorder.board.words import ENDS, fewest_first, threads_of
from anyorder.checking import Program
from anyorder.exploring import Exploration, PossibleOutcome
from anyorder.exploring.words import printed
from anyorder.outcomes import Ends
from anyorder.sphinx.checks import suppressible
from anyorder.sphinx.playing import Player, element, entry_of, raw
from anyorder.sphinx.steps import steps_on_demand

__all__ = ["Predict", "impossible_outcomes", "setup", "why_not"]

MOST_POSSIBLE = 3
MOST_IMPOSSIBLE = 3
# how many ways to go on are named where a wrong answer leaves what can be printed
MOST_WAYS = 3
ANSWER = re.compile(r"\[([ xX])\]\s*")
SHOWN = "These steps lead to it"
QUESTION = "Which of these can it print? Choose all that are possible."
ONE_QUESTION = "Which one of these can it print?"
# which the script answers; without it there is the solution to open
BUTTONS = """<div class="anyorder-controls"><button type="button" data-do="check">Check</button>
<button type="button" data-do="show">Show the answer</button></div>
<p role="status" tabindex="-1"></p>"""

# what comes after all that a program prints
OVER = {
    Ends.EXIT: "the program ends",
    Ends.DEADLOCK: "it never ends",
    Ends.NEVER: "it never ends",
}

# what a program prints, and how it ends
Ending = tuple[str, Ends]


def setup(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("predict", Predict)


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose.

    Args:
        shown: the answer
        right: whether it is to be chosen
        because: why, or why not
    """

    shown: list[nodes.Node]
    right: bool
    because: list[nodes.Node]


class Predict(Player):
    """Asks what a program can print, or a question that the author wrote.

    The argument is the program; the content may be the question in other words. Without an
    argument the content is the question and a list of answers, which begin with ``[x]`` where they
    are right and with ``[ ]`` where they are not. What else stands in an answer says why.
    """

    required_arguments = 0
    optional_arguments = 1
    has_content = True
    option_spec: ClassVar = {}

    @suppressible
    def run(self) -> list[nodes.Node]:
        """Return the question, its answers to choose, and the solution for whoever opens it."""
        question, choices = self.made() if self.arguments else self.written()
        name = self.identifier("predict")
        kind = "radio" if _has_one_answer(choices) else "checkbox"
        listed = nodes.bullet_list(classes=["anyorder-choices"])
        solved = nodes.enumerated_list(classes=["anyorder-reasons"])
        for choice in choices:
            right = " data-right" if choice.right else ""
            begin = raw(f'<label><input type="{kind}" name="{name}"{right}><span>')
            listed += nodes.list_item("", begin, *choice.shown, raw("</span></label>"))
            word = nodes.strong("", "Yes." if choice.right else "No.")
            first, *others = choice.because
            if isinstance(first, nodes.paragraph):
                first.insert(0, [word, nodes.Text(" ")])
            else:
                others.insert(0, first)
                first = nodes.paragraph("", "", word)
            solved += nodes.list_item("", first, *others)
        return element(
            "anyorder-predict",
            name,
            [
                *question,
                listed,
                raw(BUTTONS),
                raw("<details><summary>Predict, then look</summary>"),
                solved,
                raw("</details>"),
            ],
        )

    def made(self) -> tuple[list[nodes.Node], list[Choice]]:
        """Return the question about a program, and choices that are made of its outcomes."""
        program, exploration = self.explore()
        possible = _chosen(program, exploration)
        wrong = list(impossible_outcomes(exploration))[:MOST_IMPOSSIBLE]
        if not wrong:
            raise self.error(f"{program.path}:1: nothing that is made of its output is impossible")
        threads = threads_of(exploration, *possible)
        choices = [
            Choice(
                _answer(*_ending(each)), right=True, because=steps_on_demand(each, threads, SHOWN)
            )
            for each in possible
        ]
        for ending in wrong:
            reason: list[nodes.Node] = [why_not(ending, exploration)]
            choices.append(Choice(_answer(*ending), right=False, because=reason))
        # an order that tells nothing, and is the same in every build
        choices.sort(key=lambda each: hashlib.sha256(each.shown[0].astext().encode()).digest())
        asked = ONE_QUESTION if _has_one_answer(choices) else QUESTION
        words, messages = self.parse_inline(" ".join(self.content) or asked, lineno=self.lineno)
        return [nodes.paragraph("", "", *words), *messages], choices

    def written(self) -> tuple[list[nodes.Node], list[Choice]]:
        """Return the question and the choices that the author wrote."""
        content = self.parse_content_to_nodes()
        lists = [node for node in content if isinstance(node, nodes.bullet_list)]
        if len(lists) != 1:
            raise self.error(
                "a question needs one list of answers: - [x] for right, - [ ] for wrong"
            )
        question = [node for node in content if node is not lists[0]]
        choices = [
            self.answer(item)
            for item in lists[0].findall(nodes.list_item)
            if item.parent is lists[0]
        ]
        if not question or {choice.right for choice in choices} != {True, False}:
            raise self.error("a question needs words, a right answer and a wrong one at least")
        return question, choices

    def answer(self, item: nodes.list_item) -> Choice:
        """Return the choice that an item of the author's list stands for."""
        first, *others = item.children
        text = next(iter(first.findall(nodes.Text)), None)
        found = ANSWER.match(text) if text is not None else None
        if text is None or found is None:
            raise self.error(f"begin the answer {first.astext()!r} with [x] or with [ ]")
        text.parent.replace(text, nodes.Text(text[found.end() :]))
        if not others:
            raise self.error(f"say why below the answer {first.astext()!r}")
        return Choice([first], right=found[1] != " ", because=others)


def _has_one_answer(choices: Sequence[Choice]) -> bool:
    return sum(choice.right for choice in choices) == 1


def _ending(possible: PossibleOutcome) -> Ending:
    return possible.outcome.stdout, possible.outcome.ends


def _answer(text: str, ends: Ends) -> list[nodes.Node]:
    block = nodes.literal_block(text, text, language="none", classes=["anyorder-output"])
    answer: list[nodes.Node] = [block if text else nodes.paragraph("", "Nothing at all.")]
    if ends in ENDS:
        answer.append(nodes.paragraph("", f"Then {ENDS[ends]}."))
    return answer


def _chosen(program: Program, exploration: Exploration) -> list[PossibleOutcome]:
    """Return an outcome of each entry, and then more, as many as are asked."""
    first: dict[object, PossibleOutcome] = {}
    for each in fewest_first(exploration.outcomes):
        first.setdefault(entry_of(program, each), each)
    chosen = [*first.values()]
    chosen += [each for each in fewest_first(exploration.outcomes) if each not in chosen]
    different = {_ending(each): each for each in reversed(chosen)}
    return [*different.values()][::-1][:MOST_POSSIBLE]


def impossible_outcomes(exploration: Exploration) -> Iterator[Ending]:
    """Yield what a reader might expect of a program and no schedule leads to.

    It is made of what the program can print: lines in another order, a line that is lost or
    doubled, another number, another end. What can happen is left out.
    """
    possible = {_ending(each) for each in exploration.outcomes}
    ends = {end for _, end in possible}
    texts = {text for text, _ in possible}
    longest = sorted(possible, key=lambda each: (-len(each[0]), each))
    kinds = [
        [(changed, end) for text, end in longest for changed in kind(text)]
        for kind in (_counted, _reordered, _doubled, _lost)
    ]
    for made in chain.from_iterable(zip_longest(*kinds)):
        if made is not None and made not in possible and made[0] not in texts:
            texts.add(made[0])
            yield made
    if len(ends) > 1:
        yield from sorted({(text, end) for text, _ in possible for end in ends} - possible)


def _reordered(text: str) -> Iterator[str]:
    lines = text.splitlines(keepends=True)
    for place in range(len(lines) - 1):
        yield "".join([*lines[:place], lines[place + 1], lines[place], *lines[place + 2 :]])


def _counted(text: str) -> Iterator[str]:
    for number in reversed(list(re.finditer(r"(?<![\w-])\d+\b", text))):
        for other in (int(number[0]) + 1, int(number[0]) - 1):
            yield f"{text[: number.start()]}{other}{text[number.end() :]}"


def _doubled(text: str) -> Iterator[str]:
    lines = text.splitlines(keepends=True)
    for place, line in enumerate(lines):
        yield "".join([*lines[:place], line, *lines[place:]])


def _lost(text: str) -> Iterator[str]:
    lines = text.splitlines(keepends=True)
    for place in range(len(lines)):
        yield "".join([*lines[:place], *lines[place + 1 :]])


def why_not(ending: Ending, exploration: Exploration) -> nodes.paragraph:
    """Say how far a schedule can come with an outcome that is impossible, and how it goes on."""
    text, _ = ending
    possible = {_ending(each) for each in exploration.outcomes}
    common = max((_common(text, other) for other, _ in possible), key=len)
    said = nodes.paragraph()
    over = " or ".join(sorted({OVER[end] for other, end in possible if other == common}))
    if over and common == text:
        what = "all of this" if text else "nothing"
        said += nodes.Text(f"It can print {what}, but then {over}.")
        return said
    after = {_next(other, len(common)) for other, _ in possible if other.startswith(common)}
    lines = sorted(after - {""})
    if common:
        said += nodes.Text("It can begin with ")
        said += [nodes.literal("", printed(common)), nodes.Text(", but then ")]
        said += nodes.Text("comes " if lines else "")
    else:
        said += nodes.Text(
            "It cannot begin like this: " if text else "It always prints something: "
        )
        said += nodes.Text("what comes first is " if lines else "")
        over = over and "it prints nothing"
    for place, each in enumerate(lines[:MOST_WAYS]):
        said += [nodes.Text(" or " * (place > 0)), nodes.literal("", printed(each))]
    said += nodes.Text(" or something else" if len(lines) > MOST_WAYS else "")
    said += nodes.Text(f"{', or ' if lines and over else ''}{over}.")
    return said


def _common(one: str, other: str) -> str:
    length = next(
        (place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]),
        min(len(one), len(other)),
    )
    return one[:length]


def _next(text: str, place: int) -> str:
    """Return what is printed from a place on, to the end of the line; nothing at the end."""
    return next(iter(text[place:].splitlines(keepends=True)), "")
