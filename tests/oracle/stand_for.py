"""What stands for ``_thread``, ``time`` and ``os`` in one run of the oracle: none of it is real."""

import _thread
import os
import types

__all__ = ["Abort", "fake_os", "fake_thread", "fake_time"]


class Abort(BaseException):
    """Ends a thread of a run that is over."""


def fake_os():
    """Return ``os`` without what would keep each run's modules for ever."""
    module = types.ModuleType("os")
    vars(module).update(
        {name: value for name, value in vars(os).items() if name != "register_at_fork"}
    )
    return module


def fake_time(run):
    """Return ``time``, in which waiting takes none."""
    module = types.ModuleType("time")
    module.monotonic = module.time = module.perf_counter = lambda: run.clock

    def sleep(_):
        current = run.me()
        able = [one for one in run.workers if one.can_run()]
        if len(able) > 1:
            run.pass_to(current, run.choices.choose(current, able))

    module.sleep = sleep
    return module


def fake_thread(run):  # noqa: C901 - each function is short
    """Return ``_thread``, whose locks pass the turn on."""
    module = types.ModuleType("_thread")
    for name in ("error", "TIMEOUT_MAX", "stack_size", "_local", "_ExceptHookArgs"):
        setattr(module, name, getattr(_thread, name))

    class Lock:
        def __init__(self):
            self.taken = False

        def acquire(self, blocking=True, timeout=-1):  # noqa: FBT002 - as the real one
            if not blocking and timeout != -1:
                raise ValueError("can't specify a timeout for a non-blocking call")
            if self.taken:
                if not blocking or timeout == 0:
                    return False
                if not run.wait(lambda: not self.taken, may_give_up=timeout > 0, lock=self):
                    run.clock += timeout
                    return False
            elif run.over is not None:
                raise Abort
            self.taken = True
            return True

        def release(self):
            if not self.taken:
                raise RuntimeError("release unlocked lock")
            self.taken = False
            run.let_go(self)

        def hand(self, _):
            self.taken = True

        def locked(self):
            return self.taken

        def __enter__(self):
            return self.acquire()

        def __exit__(self, *_):
            self.release()

        def _at_fork_reinit(self):
            self.taken = False

    class RLock:
        def __init__(self):
            self.owner, self.count = None, 0

        def acquire(self, blocking=True, timeout=-1):  # noqa: FBT002 - as the real one
            if not blocking and timeout != -1:
                raise ValueError("can't specify a timeout for a non-blocking call")
            me = run.me()
            if self.owner not in {None, me}:
                if not blocking or timeout == 0:
                    return False
                free = lambda: self.owner is None  # noqa: E731 - it is what is waited for
                if not run.wait(free, may_give_up=timeout > 0, lock=self):
                    run.clock += timeout
                    return False
            elif run.over is not None:
                raise Abort
            self.owner = me
            self.count += 1
            return True

        def release(self):
            if self.owner is not run.me():
                raise RuntimeError("cannot release un-acquired lock")
            self.count -= 1
            if not self.count:
                self.owner = None
                run.let_go(self)

        def hand(self, worker):
            self.owner = worker

        def locked(self):
            return self.owner is not None

        def __enter__(self):
            return self.acquire()

        def __exit__(self, *_):
            self.release()

        def _is_owned(self):
            return self.owner is run.me()

        def _recursion_count(self):
            return self.count if self._is_owned() else 0

        def _release_save(self):
            if not self.count:
                raise RuntimeError("cannot release un-acquired lock")
            kept = self.count, self.owner
            self.owner, self.count = None, 0
            run.let_go(self)
            return kept

        def _acquire_restore(self, kept):
            self.acquire()
            self.count, self.owner = kept

        def _at_fork_reinit(self):
            self.owner, self.count = None, 0

    class Handle:
        def __init__(self, ident=None):
            self.ident = ident
            self.done = False

        def is_done(self):
            return self.done

        def _set_done(self):
            self.done = True

        def join(self, timeout=None):
            run.wait(lambda: self.done, may_give_up=timeout is not None and timeout >= 0)

    waited_for = []

    def set_sentinel():
        lock = Lock()

        def free():
            lock.taken = False

        run.me().on_end.append(free)
        return lock

    def start_new_thread(function, args, kwargs=None):
        return 1000 + run.start(function, args, kwargs).number

    def start_joinable_thread(function, handle=None, daemon=True):  # noqa: FBT002 - as the real one
        handle = handle or Handle()
        handle.ident = 1000 + len(run.workers)
        if not daemon:
            waited_for.append(handle)
        run.start(function, on_end=[handle._set_done])
        return handle

    def shutdown():
        while waited_for:
            waited_for.pop(0).join()

    def excepthook(args):
        if args.exc_type not in {Abort, SystemExit}:
            run.complain(args.exc_value or args.exc_type())

    module.allocate_lock = module.LockType = module.lock = Lock
    module.RLock = RLock
    module.get_ident = module.get_native_id = lambda: 1000 + run.me().number
    module.start_new_thread = module.start_new = start_new_thread
    module._set_sentinel = set_sentinel
    module._ThreadHandle = module._make_thread_handle = Handle
    module.start_joinable_thread = start_joinable_thread
    module._shutdown = shutdown
    module._get_main_thread_ident = lambda: 1000
    module.daemon_threads_allowed = module._is_main_interpreter = lambda: True
    module._excepthook = excepthook
    module._count = lambda: sum(not one.ended for one in run.workers[1:])
    module.set_name = lambda _: None
    return module
