"""Every interleaving of a program's processes, by simulation.

A map of the rooms, from the top to the bottom:

``program``, ``recorder``
    one execution of a program that starts processes, and its witness
``library``
    private copies of ``multiprocessing``
``lifecycle``
    how a process begins and ends
``pools``
    ``Pool`` and ``ProcessPoolExecutor``
``fork``
    what a forked process has of its parent
``system``
    what the operating system keeps, and the computer that processes run on
"""
