"""Every interleaving of a program's processes, by simulation.

A map of the rooms, from the top to the bottom:

``program``, ``recorder``
    one execution of a program that starts processes, and its witness
``patches``
    what stands for parts of the library, put together
``lifecycle``
    how a process begins and ends
``fork``
    what a forked process has of its parent
``pools``
    ``Pool`` and ``ProcessPoolExecutor``
``library``
    private copies of ``multiprocessing``
``system``
    what the operating system keeps, and the computer that processes run on
"""
