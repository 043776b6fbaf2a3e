"""Which orders to try: it knows events, and nothing of Python.

A map of the room, from the top to the bottom:

``findings``
    what a search has found, and what follows from it without another execution
``reaching``
    which outcomes a build with a GIL can reach
``buffers``
    what output makes of that, on its way to the system
``graph``
    the graph of all schedules
``dpor``, ``wakeup``
    optimal dynamic partial-order reduction: one execution for each trace
``bounded``
    what takes over where these do not end: all schedules with none, one, two … preemptions
``touching``
    which events depend on which
``orbits``
    traces that are images of one another, where threads are alike
``traces``
    classes of equivalent interleavings, and their schedules with the fewest switches
"""
