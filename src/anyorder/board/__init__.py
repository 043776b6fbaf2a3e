"""The board on which the schedules of a program are played, on a page as in the playground.

``drawing``
    its HTML, and what it says when an outcome is reached
``turns``
    the turns that threads can take, as data
``colours``
    the lines of a program, coloured where there is no Pygments
``builds``
    on which builds an outcome can happen, in words
``words``
    outcomes and threads, in words and signs
"""
