"""The kinds of events that the program's own accesses are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anyorder.exploring.attributes import computed, is_a
from anyorder.exploring.engine.events import EventKind
from anyorder.exploring.words import shown

if TYPE_CHECKING:
    from anyorder.exploring.engine.events import Event, Teller

__all__ = [
    "BEGIN", "CALL", "CONTAINS", "DELETE_ATTRIBUTE", "DELETE_ITEM", "ITERATE", "LOOK", "MOVE",
    "NEXT", "READ_ATTRIBUTE", "READ_ITEM", "READ_VARIABLE", "WRITE_ATTRIBUTE", "WRITE_ITEM",
    "WRITE_VARIABLE", "YIELD",
]  # fmt: skip


# -- variables: about a name, and what is written ----------------------------------------------


def reads_variable(event: Event, teller: Teller) -> str:
    """Say which variable is read, and what it is."""
    name = event.about[0]
    return f"reads {name}: {teller.variable(name)}"


def writes_variable(event: Event, _: Teller) -> str:
    """Say which variable is written, and what it becomes."""
    name, value = event.about
    return f"writes {name}: {shown(value)}"


READ_VARIABLE = EventKind("read variable", says=reads_variable, waits=None, whole=True)
WRITE_VARIABLE = EventKind(
    "write variable",
    says=writes_variable,
    waits=None,
    whole=True,
    changes=lambda event, _: {event.about[0]: shown(event.about[1])},
)


# -- attributes: about an object, a name, and what is written ----------------------------------


def attribute(event: Event, teller: Teller) -> str:
    """Return what an attribute is called."""
    thing, name = event.about[:2]
    return f"{teller.name(thing)}.{name}"


def reads_attribute(event: Event, teller: Teller) -> str:
    """Say which attribute is read, and what it is, without running any code of its class."""
    thing, name = event.about
    what = attribute(event, teller)
    if computed(thing, name):
        return f"reads {what}"
    look: Any = type if issubclass(type(thing), type) else object
    try:
        return f"reads {what}: {shown(look.__getattribute__(thing, name))}"
    except AttributeError:
        return f"reads {what}: not there"


READ_ATTRIBUTE = EventKind("read attribute", says=reads_attribute, waits=None, whole=True)
WRITE_ATTRIBUTE = EventKind(
    "write attribute",
    says=lambda event, teller: f"writes {attribute(event, teller)}: {shown(event.about[2])}",
    waits=None,
    whole=True,
    changes=lambda event, teller: {attribute(event, teller): shown(event.about[2])},
)
DELETE_ATTRIBUTE = EventKind(
    "delete attribute",
    says=lambda event, teller: f"deletes {attribute(event, teller)}",
    waits=None,
    whole=True,
)


# -- items: about a container, a key, and what is written --------------------------------------


def item(event: Event, teller: Teller) -> str:
    """Return what an item is called."""
    thing, key = event.about[:2]
    return f"{teller.name(thing)}[{key!r}]"


def reads_item(event: Event, teller: Teller) -> str:
    """Say which item is read, and what it is."""
    thing, key = event.about
    value = shown(item_of(thing, key)) if has_item(thing, key) else "not there"
    return f"reads {item(event, teller)}: {value}"


def has_item(thing: Any, key: Any) -> bool:
    """Whether a container has an item, without making one that is missing."""
    if is_a(thing, dict):
        return key in thing
    try:
        thing[key]
    except (LookupError, TypeError):
        return False
    return True


def item_of(thing: Any, key: Any) -> Any:
    """Return an item of a container, without running any code of its class."""
    cls: Any
    for cls in (dict, list):
        if is_a(thing, cls):
            return cls.__getitem__(thing, key)
    return thing[key]


def contents(event: Event, teller: Teller) -> dict[str, str]:
    """Return what has become of a container that an event changed."""
    return teller.contents(event.about[0])


READ_ITEM = EventKind("read item", says=reads_item, waits=None, whole=True)
WRITE_ITEM = EventKind(
    "write item",
    says=lambda event, teller: f"writes {item(event, teller)}: {shown(event.about[2])}",
    waits=None,
    whole=True,
    changes=contents,
)
DELETE_ITEM = EventKind(
    "delete item",
    says=lambda event, teller: f"deletes {item(event, teller)}",
    waits=None,
    whole=True,
    changes=contents,
)


# -- all of an object ------------------------------------------------------------------------------


def calls(event: Event, teller: Teller) -> str:
    """Say which method of an object is called."""
    thing, method, args = event.about
    return f"calls {teller.name(thing)}.{method}({', '.join(shown(arg) for arg in args)})"


def looks_for(event: Event, teller: Teller) -> str:
    """Say for what an object is searched."""
    thing, sought = event.about
    return f"looks for {sought!r} in {teller.name(thing)}"


def looks(event: Event, teller: Teller) -> str:
    """Say what is read as a whole, and what that is; some of it has a name alone."""
    told = [one if type(one) is str else f"{teller.name(one)}: {shown(one)}" for one in event.about]
    return f"reads {', '.join(told)}"


CALL = EventKind("call", says=calls, waits=None, whole=True, changes=contents)
CONTAINS = EventKind("contains", says=looks_for, waits=None, whole=True)
LOOK = EventKind("look", says=looks, waits=None, whole=True)
BEGIN = EventKind("begin iterating", says="begins to go through {}", waits=None, whole=True)
ITERATE = EventKind(
    "iterate",
    says=lambda event, teller: f"looks for item {event.about[1]} of {teller.name(event.about[0])}",
    waits=None,
    whole=True,
)
NEXT = EventKind("next", says="asks {} for the next item", waits=None, whole=True)
MOVE = EventKind("move", says="moves {} on", waits=None, whole=True)
YIELD = EventKind("yield", says="comes to the yield of {}", waits=None, whole=True)
