"""Private copies of the library's modules, and what stands for others.

A map of the room, from the top to the bottom:

``importing``
    how they are loaded, and what a program may import
``calls``
    which calls of the library are one event each, and why they may be
``threading``, ``waiting``, ``queue``, ``futures``
    these calls, by what they are for
``thread``, ``locks``
    what stands for ``_thread``
``signal``, ``stand_ins``, ``output``
    what stands for ``signal``, for time, chance and the system, and for standard output and
    standard error
``sched``
    in which order a scheduler carries out what it is told to
``cores``
    how many cores there are, and workers of a pool that is not told
``wrapping``
    the tools by which a call is made one event
"""
