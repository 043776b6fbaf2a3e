"""Signals to the main thread, and what they find undone.

A map of the room, from the top to the bottom:

``ending``
    interrupts that come as the program ends
``interrupts``
    when a signal is sent and when it is noticed
``managers``
    where Python looks for signals as ``with`` enters and leaves
"""
