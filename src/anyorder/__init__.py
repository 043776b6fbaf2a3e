"""Any Order: every outcome of a concurrent Python program.

A map of the rooms. Imports point one way, from the top of this list to its bottom:

``cli``, ``pytest``, ``sphinx``
    the front ends, which only draw a verdict: the command, the pytest plugin, the Sphinx extension
``checking``
    ``check(program, settings) -> Verdict``: what is expected against what was observed
``running``
    real runs of a program, on any interpreter, and of a session at the interactive prompt
``outcomes``
    what an outcome is, and the outcome file that says which ones a program may have
"""
