"""What the program's own code does that other threads can see.

A map of the room, from the top to the bottom:

``hooks``
    the names that rewritten code calls, and all below put together
``operations``
    the operations of the language, with their operands as values
``calls``, ``comparing``, ``copying``, ``showing``, ``formatting``, ``matching``, ``depths``
    what is called, compared, copied, shown and matched, as deep as Python looks
``abstract``
    methods that abstract classes of the library give to the program's own
``finding``
    which kind the objects of a class are of
``instances``, ``library``, ``lists``, ``sets``, ``dicts``, ``streams``, ``containers``
    one kind of object each: what an operation on it touches
``iterators``, ``drawing``
    iterators, generators, and iterators over iterators
``names``
    variables
``kinds``, ``objects``
    what a kind says, and which objects there are
"""
