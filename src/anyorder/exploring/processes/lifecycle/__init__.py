"""How a process begins and ends.

A map of the room, from the top to the bottom:

``patches``
    what is done to the modules that begin and end processes
``starting``, ``forkserver``
    how it begins, for each start method
``logger``
    what ``multiprocessing`` logs of that
``ending``
    what the interpreter does once its last line has run
``signals``
    signal handlers, which a forked process inherits
"""
