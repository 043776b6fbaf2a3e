"""``multiprocessing.Pool`` and ``ProcessPoolExecutor``.

A map of the room, from the top to the bottom:

``pools``, ``results``
    ``Pool``, and what its calls return
``executors``, ``staff``, ``futures``
    ``ProcessPoolExecutor``, and its futures
``crews``, ``tasks``, ``jobs``, ``workers``
    the workers of both, and what is submitted to them
"""
