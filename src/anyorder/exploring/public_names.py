"""Each public name of the library's modules and objects that are stood in for, and why it is right.

Whatever the library has and is not listed here is refused by name, where the program reaches it.
The test of this module goes through the names that the Python that runs has, and fails where one
has no row: so a new Python says itself what it brings.
"""

from __future__ import annotations

from importlib import import_module

__all__ = ["CLASSES", "MODULES", "REFUSED", "is_given", "refused_name"]

EVENT = "it is an event, or it waits as one"
MADE_OF = "it calls others of these, or code of the program's own"
ATTRIBUTE = "it is followed as an attribute of the program's own objects is"
MAKES = "it makes an object, or is the class of one"
FIXED = "it stays as it is from the beginning"
OWN = "it is about the thread alone that asks"
SHOWN = "it differs from computer to computer, and is shown as a placeholder"
ALONE = "it may be changed before there are other threads"
REAL = "a module or a class of the library, followed as such"

QUEUE = {
    EVENT: "empty full get is_shutdown join maxsize put qsize shutdown task_done unfinished_tasks",
    MADE_OF: "get_nowait put_nowait",
}
SEMAPHORE = {EVENT: "acquire release"}
THREAD = {
    EVENT: "ident is_alive join native_id start",
    ATTRIBUTE: "daemon getName isDaemon name setDaemon setName",
    MADE_OF: "run",
}
# for each class, its names by the reason why each is right
CLASSES: dict[str, dict[str, str]] = {
    "_thread.RLock": {EVENT: "acquire locked release"},
    "_thread.lock": {EVENT: "acquire acquire_lock locked locked_lock release release_lock"},
    "concurrent.futures._base.Future": {
        EVENT: "add_done_callback cancel cancelled done exception result running set_exception "
        "set_result set_running_or_notify_cancel",
    },
    "concurrent.futures.thread.ThreadPoolExecutor": {
        MADE_OF: "map shutdown submit", FIXED: "BROKEN prepare_context",
    },
    "queue.LifoQueue": QUEUE,
    "queue.PriorityQueue": QUEUE,
    "queue.Queue": QUEUE,
    "_queue.SimpleQueue": {EVENT: "empty get put qsize", MADE_OF: "get_nowait put_nowait"},
    "sched.scheduler": {  # its lock is an event
        MADE_OF: "cancel empty enter enterabs queue run", FIXED: "delayfunc timefunc",
    },
    "threading.Barrier": {EVENT: "abort broken n_waiting reset wait", FIXED: "parties"},
    "threading.BoundedSemaphore": SEMAPHORE,
    "threading.Condition": {
        EVENT: "acquire locked notify release wait", MADE_OF: "notifyAll notify_all wait_for",
    },
    "threading.Event": {EVENT: "clear is_set set wait", MADE_OF: "isSet"},
    "threading.Semaphore": SEMAPHORE,
    "threading.Thread": THREAD,
    "threading.Timer": {
        **THREAD,
        ATTRIBUTE: f"{THREAD[ATTRIBUTE]} args finished function interval kwargs",
        MADE_OF: "cancel run",
    },
    "threading.local": {},
}  # fmt: skip
# for each module, its names by the reason why each is right
MODULES: dict[str, dict[str, str]] = {
    "_thread": {
        EVENT: "interrupt_main start_joinable_thread start_new start_new_thread",
        MAKES: "LockType RLock allocate allocate_lock lock",
        OWN: "exit exit_thread get_ident get_native_id",
        FIXED: "TIMEOUT_MAX daemon_threads_allowed error set_name stack_size",
    },
    "concurrent.futures": {
        EVENT: "as_completed wait",
        MAKES: "BrokenExecutor CancelledError Executor Future InvalidStateError "
        "ProcessPoolExecutor ThreadPoolExecutor TimeoutError",
        FIXED: "ALL_COMPLETED FIRST_COMPLETED FIRST_EXCEPTION",
        REAL: "InterpreterPoolExecutor process thread",
    },
    "queue": {
        MAKES: "Empty Full LifoQueue PriorityQueue Queue ShutDown SimpleQueue",
        REAL: "deque heappop heappush threading time types",
    },
    "sched": {MAKES: "Event scheduler", REAL: "count heapq namedtuple threading time"},
    "sys": {
        OWN: "exc_info exception exit",
        FIXED: "abiflags api_version byteorder copyright "
        "get_int_max_str_digits getdefaultencoding getprofile getrecursionlimit "
        "getswitchinterval gettrace float_info float_repr_style hash_info hexversion "
        "implementation int_info intern is_finalizing maxsize maxunicode platform "
        "stdlib_module_names version_info",
        SHOWN: "version",
        ALONE: "argv excepthook set_int_max_str_digits setrecursionlimit setswitchinterval stderr "
        "stdin stdout unraisablehook",
    },
    "threading": {
        EVENT: "active_count enumerate",
        MADE_OF: "activeCount currentThread",
        MAKES: "Barrier BoundedSemaphore BrokenBarrierError Condition Event ExceptHookArgs Lock "
        "RLock Semaphore Thread ThreadError Timer local",
        OWN: "current_thread get_ident get_native_id main_thread",
        FIXED: "TIMEOUT_MAX getprofile gettrace stack_size",
        ALONE: "excepthook",
        REAL: "WeakSet functools warnings",
    },
}
INSIDE = "reaches what the queue keeps, past its events: use its methods"
ITERATORS = "goes through an iterator in steps of its own, which are not followed: take a lock"
TRACES = "reaches what cannot be followed: do without it"
DIFFERS = "is not the same in each run or on each computer: do without it"
# what is refused, with what to write instead
REFUSED: dict[str, dict[str, str]] = {
    **{
        f"queue.{name}": dict.fromkeys(
            ("all_tasks_done", "mutex", "not_empty", "not_full", "queue"), INSIDE
        )
        for name in ("LifoQueue", "PriorityQueue", "Queue")
    },
    "sys": {
        **dict.fromkeys(
            (
                "abi_info",
                "base_exec_prefix",
                "base_prefix",
                "builtin_module_names",
                "dont_write_bytecode",
                "exec_prefix",
                "executable",
                "flags",
                "getallocatedblocks",
                "getdlopenflags",
                "getfilesystemencodeerrors",
                "getfilesystemencoding",
                "getrefcount",
                "getsizeof",
                "getunicodeinternedsize",
                "lazy_modules",
                "meta_path",
                "modules",
                "orig_argv",
                "path",
                "path_hooks",
                "path_importer_cache",
                "platlibdir",
                "prefix",
                "pycache_prefix",
                "thread_info",
                "warnoptions",
            ),
            DIFFERS,
        ),
        **dict.fromkeys(
            (
                "activate_stack_trampoline",
                "addaudithook",
                "audit",
                "breakpointhook",
                "call_tracing",
                "deactivate_stack_trampoline",
                "displayhook",
                "get_asyncgen_hooks",
                "get_coroutine_origin_tracking_depth",
                "get_lazy_imports",
                "get_lazy_imports_filter",
                "is_remote_debug_enabled",
                "is_stack_trampoline_active",
                "last_exc",
                "last_traceback",
                "last_type",
                "last_value",
                "monitoring",
                "remote_exec",
                "set_asyncgen_hooks",
                "set_coroutine_origin_tracking_depth",
                "set_lazy_imports",
                "set_lazy_imports_filter",
                "setdlopenflags",
                "setprofile",
                "settrace",
            ),
            TRACES,
        ),
    },
    "threading": {
        **dict.fromkeys(
            ("concurrent_tee", "serialize_iterator", "synchronized_iterator"), ITERATORS
        ),
        **dict.fromkeys(
            ("setprofile", "setprofile_all_threads", "settrace", "settrace_all_threads"), TRACES
        ),
    },
}


def listed(table: dict[str, dict[str, str]]) -> dict[str, frozenset[str]]:
    """Return the names that a table lists, whatever the reason."""
    return {
        key: frozenset(name for names in reasons.values() for name in names.split())
        for key, reasons in table.items()
    }


LISTED = {**listed(CLASSES), **listed(MODULES)}


def refused_name(owner: str, name: str) -> str:
    """Return why a public name cannot be explored, and nothing where it can.

    Args:
        owner: a module, or a class with its module
        name: the name that the program reaches in it
    """
    known = LISTED.get(owner)
    if known is None or name in known or name.startswith("_"):
        return ""
    why = REFUSED.get(owner, {}).get(name)
    if why is None and has(owner, name):
        why = "is not known to be followed: do without it"
    return f"{owner}.{name} {why}" if why else ""


def is_given(thing: object, name: str) -> bool:
    """Whether an attribute of an object of the library can only be one that the program gives it.

    Args:
        thing: the object, of one of the classes above
        name: the name of the attribute
    """
    owner = f"{type(thing).__module__}.{type(thing).__qualname__}"
    known = LISTED.get(owner)
    if known is None or name in known or name in REFUSED.get(owner, {}) or name.startswith("_"):
        return False
    return hasattr(thing, "__dict__") and not hasattr(type(thing), name)


def has(owner: str, name: str) -> bool:
    """Whether the library has a name, which is the program's own otherwise."""
    if owner in MODULES:
        return hasattr(import_module(owner), name)
    module, _, cls = owner.rpartition(".")
    return hasattr(getattr(import_module(module), cls), name)
