"""An account of what a pool of processes can print, which knows nothing of the explorer.

A task is a list of texts to print, and all states that workers can lead to by taking tasks in order
and printing are walked through, one step at a time.
"""

from __future__ import annotations

__all__ = ["account"]


def account(tasks, workers, *, flushed, killed=False):  # noqa: C901 - a case for each step
    """Return every stdout, by walking through all states.

    Args:
        tasks: what each of them prints
        workers: how many workers there are
        flushed: whether each text is seen at once, or all of a worker's as it ends
        killed: whether a worker may lose what it has not flushed
    """
    begin = (0, ((),) * workers, ("",) * workers, (True,) * workers, "")
    seen, todo, ends = {begin}, [begin], set()
    while todo:
        taken, left, buffers, alive, out = todo.pop()
        following = []
        done = taken == len(tasks) and not any(left)
        for one in range(workers):

            def put(values, value, one=one):
                return (*values[:one], value, *values[one + 1 :])

            if left[one]:
                text, rest = left[one][0], put(left, left[one][1:])
                if flushed:
                    following.append((taken, rest, buffers, alive, out + text))
                else:
                    fuller = put(buffers, buffers[one] + text)
                    following.append((taken, rest, fuller, alive, out))
            elif taken < len(tasks):
                following.append((taken + 1, put(left, tuple(tasks[taken])), buffers, alive, out))
            elif done and alive[one]:
                dead = put(alive, False)  # noqa: FBT003 - a value of the state
                following.append((taken, left, buffers, dead, out + buffers[one]))
                if killed:
                    following.append((taken, left, buffers, dead, out))
        if not any(alive):
            ends.add(out + "end")
        for state in following:
            if state not in seen:
                seen.add(state)
                todo.append(state)
    return ends
