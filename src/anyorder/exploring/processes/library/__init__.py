"""Private copies of ``multiprocessing``.

A map of the room, from the top to the bottom:

``importing``
    how they are loaded, and what they import
``exchange``
    what each process keeps in them
``connections``, ``queues``
    their calls that are events
``sending``
    what functions and classes are pickled as
``names``
    the names by which children find locks
"""
