"""What a forked process has of its parent.

A map of the room, from the top to the bottom:

``memory``, ``values``, ``threads``
    its memory: all of it, single values, and the threads and what they wait with
``left_behind``
    iterators, which stay where they are
``shared_code``
    functions and classes, which both share
"""
