"""How the options of directives are read."""

from __future__ import annotations

from collections.abc import Callable, Collection

from packaging.specifiers import InvalidSpecifier, SpecifierSet

__all__ = ["numbers", "versions", "words_of"]


def numbers(argument: str | None) -> list[int]:
    """Read whole numbers with spaces between them."""
    try:
        found = [int(word) for word in (argument or "").split()]
    except ValueError:
        raise ValueError("write numbers of outcomes, such as 1 3") from None
    if not found:
        raise ValueError("name an outcome by its number, counted from 1")
    return found


def versions(argument: str | None) -> SpecifierSet:
    """Read versions of Python, as an outcome file has them.

    Quotes around them, which MyST needs and takes away, reStructuredText leaves where they are.
    """
    written = (argument or "").strip()
    if written[:1] in {'"', "'"} and written[:1] == written[-1:]:
        written = written[1:-1]
    try:
        found = SpecifierSet(written)
    except InvalidSpecifier:
        found = SpecifierSet()
    if not found:
        raise ValueError("write versions as pip does, such as >=3.14")
    return found


def words_of(known: Collection[str]) -> Callable[[str | None], list[str]]:
    """Return what reads words with spaces between them, each of which is known."""

    def words(argument: str | None) -> list[str]:
        found = (argument or "").split()
        if not found or not {*found} <= {*known}:
            raise ValueError(f"write {' or '.join(known)}")
        return found

    return words
