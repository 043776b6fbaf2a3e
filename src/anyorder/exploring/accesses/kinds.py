"""What a kind of object says: which places each operation touches, and how it is carried out.

A kind is asked by the operations (see ``operations``, ``calls``, ``comparing``, ``showing``), with
operands that have been evaluated. What it does not know, it refuses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from anyorder.exploring.engine.events import Footprint

__all__ = ["Kind"]


class Kind:
    """Objects that never change and touch nothing else, which is what other kinds differ from.

    Attributes:
        named: whether its objects have a name, since they may change
        ends: whether something is done as an object of it ends
        holds: whether its objects are containers, whose items can be told one by one
        indexed: whether they are gone through by index, and read as a whole by other means
        steady: whether going through what it holds is no event, since that never changes
        plain: whether nothing that is done to its objects is an event
        known: whether it is known what its objects do
    """

    named = False
    ends = False
    holds = False
    indexed = False
    steady = False
    plain = True
    known = True

    # -- attributes ----------------------------------------------------------------------------

    def attribute(self, thing: Any, name: str) -> Any:
        """Return an attribute, after its event where it is shared."""
        return getattr(thing, name)

    def set_attribute(self, value: Any, thing: Any, name: str) -> None:
        """Set an attribute, after its event where it is shared."""
        setattr(thing, name, value)

    def delete_attribute(self, thing: Any, name: str) -> None:
        """Delete an attribute, after its event where it is shared."""
        delattr(thing, name)

    # -- items ---------------------------------------------------------------------------------

    def item(self, thing: Any, key: Any) -> Any:
        """Return an item, after its event where it is shared."""
        return thing[key]

    def set_item(self, value: Any, thing: Any, key: Any) -> None:
        """Set an item, after its event where it is shared."""
        thing[key] = value

    def delete_item(self, thing: Any, key: Any) -> None:
        """Delete an item, after its event where it is shared."""
        del thing[key]

    # -- all of it -----------------------------------------------------------------------------

    def whole(self, thing: Any) -> Footprint:
        """Return what reading all of an object touches, without what it holds."""
        return ()

    def size(self, thing: Any) -> Footprint:
        """Return what asking whether there is anything in it touches, and how much."""
        return ()

    def inside(self, thing: Any) -> Iterable[Any]:
        """Return what an object holds, and what is looked at where all of it is."""
        return ()

    def runs(self, thing: Any, operation: str) -> bool:
        """Whether an operation on an object runs code in which there may be events.

        Args:
            thing: the object
            operation: ``"repr"``, ``"eq"``, ``"lt"``, ``"hash"`` …
        """
        return False

    def look(self, thing: Any) -> None:
        """Read all of an object, without what it holds."""

    def iterate(self, thing: Any) -> Iterator[Any] | None:
        """Return what goes through an object with an event for each item, where it has such."""
        return None

    def contains(self, item: Any, thing: Any) -> bool:
        """Say whether an item is in an object."""
        return item in thing
