"""``multiprocessing.Pool`` and ``ProcessPoolExecutor``.

A map of the room, from the top to the bottom:

``pool``, ``results``
    ``Pool``, and what its calls return
``executor``, ``futures``
    ``ProcessPoolExecutor``, and its futures
``worker_pool``, ``submission``
    the workers of both, and what is submitted to them
``registry``
    all pools, and what of them makes a difference
"""
