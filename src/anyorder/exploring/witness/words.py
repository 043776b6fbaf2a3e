"""What events and waits are called in a witness: plain sentences whose subject is a thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "ANSWERS",
    "FOR_A_WHILE",
    "PARTS",
    "SIGNALS",
    "SIMPLE",
    "WAITS",
]

SIMPLE = {
    "acquire": "takes {}", "release": "lets go of {}", "locked": "asks whether {} is taken",
    "wait": "begins to wait on {}, and lets go of its lock",
    "wake": "is notified on {}, and takes its lock again",
    "wait ends": "stops waiting on {}", "reacquire": "takes {} again", "notify": "notifies {}",
    "set": "sets {}", "clear": "clears {}", "is_set": "asks whether {} is set",
    "wait for": "waits for {} to be set", "arrive": "arrives at {}", "leave": "leaves {}",
    "trip": "lets all go on at {}", "reset": "resets {}", "abort": "breaks {}",
    "put": "puts {1} into {0}", "get": "gets {1} from {0}",
    "put in vain": "finds no room in {0} for {1}", "get in vain": "finds nothing in {0}",
    "task_done": "is done with an item of {}",
    "queue join": "waits for all items of {} to be done",
    "qsize": "asks for the size of {}", "empty": "asks whether {} is empty",
    "full": "asks whether {} is full", "shutdown": "shuts {} down",
    "result": "gets the result of {}",
    "exception": "gets the exception of {}", "cancelled": "asks whether {} is cancelled",
    "running": "asks whether {} runs", "done": "asks whether {} is done",
    "add_done_callback": "adds a callback to {}", "cancel": "cancels {}",
    "set_result": "gives {} its result", "set_exception": "gives {} an exception",
    "set_running_or_notify_cancel": "begins the work of {}", "is_alive": "asks whether {} is alive",
    "start": "starts {}", "start again": "starts {}, which has been started", "begin": "begins",
    "begun": "waits until {} has begun", "has begun": "asks whether {} has begun",
    "number": "takes the next number for a name", "n_waiting": "asks how many wait at {}",
    "number waiting": "counts who waits at {}",
    "broken": "asks whether {} is broken",
    "ident": "asks for the number of {}", "native_id": "asks for the number of {}",
    "repr": "shows {}", "listed": "takes its place in the list of threads",
    "unlisted": "leaves the list of threads", "join": "joins {}", "watch": "watches futures",
    "end": "ends",
    "exit": "ends the program", "spin": "goes round and round", "random": "draws a random number",
    "wait for threads": "waits for all threads to end", "enumerate": "lists the threads",
    "active_count": "counts the threads", "os._exit": "ends the process", "look": "looks at {}",
    "cache_info": "asks for the state of the cache of {}", "cache_clear": "clears the cache of {}",
    "look up": "looks into the cache of {}", "keep": "keeps a result in the cache of {}",
    "next": "asks {} for the next item", "yield": "comes to the yield of {}",
}  # fmt: skip
FOR_A_WHILE = {
    "join": "waits a while for {} to end", "wait for": "waits a while for {} to be set",
}  # fmt: skip
SIGNALS = {
    "handler": "sets a signal handler", "interrupt": "interrupts the main thread",
}  # fmt: skip
# what a thread waits for that has announced such an event
WAITS = {
    "begun": "{} to begin", "join": "{} to end", "wake": "a notification on {}",
    "wait for": "{} to be set",
    "get": "an item in {}", "put": "room in {}", "queue join": "all items of {} to be done",
    "result": "the result of {}", "exception": "the result of {}", "leave": "the others at {}",
    "exit": "all threads to end", "wait for threads": "all threads to end",
    "check": "a signal",
}  # fmt: skip
# what a thread is told that asks, or that waits for a limited time
ANSWERS: dict[str, Callable[[Any], bool]] = {
    "is_alive": lambda thread: thread._started._flag and not thread._ao_thread.over,
    "is_set": lambda event: bool(event._flag),
    "join": lambda thread: bool(thread._ao_thread.over),
    "locked": lambda lock: lock.owner is not None,
    "wait for": lambda event: bool(event._flag),
}
PARTS = {"_cond": "{}", "_lock": "the lock of {}"}  # of the library's own objects


def attributes_of(thing: Any) -> Any:
    """Return an object's own attributes, without running any code of its class."""
    try:
        return object.__getattribute__(thing, "__dict__")
    except AttributeError:
        return {}
