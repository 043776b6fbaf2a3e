"""What the operating system is asked for, and keeps.

A map of the room, from the top to the bottom:

``os``
    what stands for ``os`` in ``multiprocessing``
``kernel``
    semaphores, and all below put together
``pipes``, ``descriptors``
    pipes, and who has which end of them open
``memory``, ``shared``
    blocks of shared memory, with a name and without
``streams``
    standard output and standard error of processes
``computer``
    processes as groups of threads, on the machine that threads run on
"""
