"""A schedule in words.

A map of the room, from the top to the bottom:

``recorder``
    an execution, replayed, with what each event did
``listing``
    a witness as text, with a column a thread
"""
