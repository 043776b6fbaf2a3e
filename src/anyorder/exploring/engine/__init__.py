"""Threads as greenlets, and whose turn it is.

A map of the room, from the top to the bottom:

``spinning``
    loops that only wait
``machine``
    the simulated machine: events are announced, and one of them happens next
``alike``
    threads that could change places
``sharing``, ``facts``
    what is shared, and what else turns out as a program runs
``switching``
    the one door to greenlet, and to what stands for it in a browser
``threads``, ``events``
    what is known of a thread, and what an event is
``varying``
    what differs in each run
``dropping``
    what the program drops while the explorer keeps it
``keeping``
    what Python keeps of the output before it writes it
"""
