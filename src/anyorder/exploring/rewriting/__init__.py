"""The program's code, in which each operation of the language is a call of the explorer.

A map of the room, from the top to the bottom:

``transform``
    ``transformed``: from a program's text to its code
``statements``, ``targets``, ``patterns``, ``expressions``
    the rules: for each kind of node of ``ast`` what comes in its place
``rewriter``
    what every rule builds on: the names of a scope, conditions, and what is refused
``scopes``
    which variables another thread could see
``coroutines``
    what comes in the place of functions that are never called
``formats``
    what Python makes an f-string of
``switch_points``, ``signal_points``
    where Python may hand over the GIL, and where it looks for signals
``nodes``
    pieces of a syntax tree
"""
