"""Arrays of bytes that others than their own methods read, where they lie in memory.

Python promises that nobody makes an array longer or shorter meanwhile, and not that nobody writes
into it: only its own methods lock it. So it is read byte by byte.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anyorder.exploring.accesses.events import LOOK, READ_ITEM

if TYPE_CHECKING:
    from anyorder.exploring.accesses.objects import Objects

__all__ = ["is_shared_array", "read_in", "read_where_they_lie"]


def is_shared_array(objects: Objects, thing: Any) -> bool:
    """Whether a thing is an array of bytes that threads share."""
    return type(thing) is bytearray and objects.touch_all(objects.kind_of(bytearray).whole(thing))


def read_where_they_lie(objects: Objects, *things: Any) -> list[Any]:
    """Return what is read of things one after another, each byte of a shared array in its step.

    Args:
        objects: the objects of the exploration
        things: arrays of bytes, and others, which are returned as they are
    """
    arrays = [thing for thing in things if is_shared_array(objects, thing)]
    if not arrays:
        return list(things)
    look_at_sizes(objects, arrays)
    sizes = [len(one) for one in arrays]
    found = [
        read_bytes(objects, thing) if any(thing is one for one in arrays) else thing
        for thing in things
    ]
    look_at_sizes(objects, arrays)
    if [len(one) for one in arrays] != sizes:
        objects.machine.refuse(
            "threads make a bytearray longer or shorter while its bytes are read where they lie, "
            "for which a Python without a GIL may raise BufferError, and that is not followed: "
            "read a slice of it, as in bytes(array[:]), or guard it by a lock"
        )
    return found


def look_at_sizes(objects: Objects, arrays: list[bytearray]) -> None:
    """Make an event of looking how long arrays are."""
    footprint = tuple(part for one in arrays for part in objects.kind_of(bytearray).size(one))
    objects.step(LOOK, footprint, tuple(arrays))


def read_bytes(objects: Objects, array: bytearray) -> bytearray:
    """Return the bytes of an array, each as it is by its turn."""
    kind: Any = objects.kind_of(bytearray)
    found = bytearray()
    for number in range(len(array)):
        footprint = kind.item_footprint(array, number, writes=False)
        objects.step(READ_ITEM, footprint, (array, number))
        found += array[number : number + 1]  # nothing, where it has got shorter
    return found


def read_in(objects: Objects, thing: Any) -> Any:
    """Return a thing, or a list or tuple, with arrays that it holds read where they lie."""
    if type(thing) is bytearray:
        return read_where_they_lie(objects, thing)[0]
    if type(thing) not in {list, tuple} or not any(type(one) is bytearray for one in thing):
        return thing
    if objects.touch_all(objects.kind_of(type(thing)).whole(thing)):
        return thing  # in which threads may put others: what reads both is refused
    return type(thing)(read_where_they_lie(objects, *thing))
