"""Every interleaving of a program's processes, by simulation.

A map of the rooms, from the top to the bottom:

``program``
    one execution of a program that starts processes
``library``, ``exchange``, ``connections``, ``queues``
    private copies of ``multiprocessing``, and what each process keeps in them
``starting``, ``forkserver``, ``ending``
    how a process begins and ends
``executors``, ``staff``, ``futures``; ``pools``, ``pool_results``
    ``ProcessPoolExecutor``, and ``multiprocessing.Pool``
``crews``, ``tasks``, ``jobs``, ``workers``
    the workers of both, and what is submitted to them
``changes``, ``copying``, ``copies``, ``thread_copies``, ``families``
    what a forked process has of its parent's memory, and which changes it may find or not
``moments``
    locks that a thread has for a moment, in which another one may fork
``accesses``, ``streams``
    what the program's own code does: variables of one process, and output through its own buffers
``system``, ``kernel``, ``names``, ``pipes``, ``descriptors``, ``memory``
    what the operating system is asked for and keeps: semaphores and their names, pipes and who has
    which end of them open, and blocks of shared memory with a name
``interrupting``
    interrupts, which may cut short what a process waits for
``computer``, ``process``
    processes as groups of threads, on the machine that threads run on
"""
