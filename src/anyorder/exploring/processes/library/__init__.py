"""Private copies of ``multiprocessing``.

A map of the room, from the top to the bottom:

``importing``
    how they are loaded, and what they import
``module_state``
    what each process keeps in them
``interpreter``
    what the interpreter itself keeps for each of them
``connections``, ``queues``, ``synchronize``
    their calls that are events, or that are not their own code
``pickling``
    what functions and classes are pickled as
"""
