"""What a forked process has of its parent.

A map of the room, from the top to the bottom:

``copying``, ``copies``, ``thread_copies``
    its memory: values, and the threads and locks
``families``
    functions and classes, which both share
``changes``, ``accesses``
    which changes of other threads it may find or not
``moments``
    locks that a thread has for a moment, in which another one may fork
"""
