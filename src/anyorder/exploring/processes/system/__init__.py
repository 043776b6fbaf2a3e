"""What the operating system is asked for, and keeps.

A map of the room, from the top to the bottom:

``os``
    what stands for ``os`` in ``multiprocessing``
``kernel``
    semaphores, and all below put together
``names``
    the names by which children find locks
``pipes``, ``descriptors``, ``pipe``
    pipes, and who has which end of them open
``memory``, ``shared``
    blocks of shared memory, with a name and without
``streams``
    standard output and standard error of processes
``handles``
    which objects of the program lead to any of that
``computer``, ``process``
    processes as groups of threads, on the machine that threads run on
``sharing``, ``brief_locks``
    what of a process's memory, and which of its locks, a fork by another thread may find or not
"""
