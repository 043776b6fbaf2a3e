"""How a process begins and ends.

A map of the room, from the top to the bottom:

``starting``, ``forkserver``
    how it begins, for each start method
``ending``
    what the interpreter does once its last line has run
``interrupting``
    signal handlers, which a forked process inherits
``process``
    what is known of a process
"""
