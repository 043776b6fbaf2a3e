"""What the program's own code does that other threads can see.

A map of the room. Each module imports only from those that stand below it:

``hooks``
    the names that rewritten code calls, and all below put together
``finding``
    which kind the objects of a class are of
``operations``
    the operations of the language, with their operands as values
``loud``
    the switch points that are passed within operations
``calls``, ``copying``, ``matching``, ``formatting``
    what the program calls and copies, ``match``, and ``str.format``
``beginning``
    objects that are there already, and begin again
``bit_by_bit``
    functions of the library that ask for what they are given bit by bit
``builtins``
    what is built in, and how it takes its arguments
``numbers``
    what is made of an argument that is to be a number, before anything else is looked at
``handing_over``
    what threads may not share, as nobody sees what is done with it
``library``, ``instances``, ``lists``, ``sets``, ``dicts``, ``streams``, ``containers``
    one kind of object each: what an operation on it touches
``describing``, ``encoding``
    what the library reads of a function or a class to describe it, and ``json`` of an object
``unseen``
    which attributes the library's own code reads, and the program may change
``iterators``, ``drawing``
    iterators, generators, and iterators over iterators
``protocols``
    what an object is asked for where it is asked whether it is of a protocol
``comparing``, ``showing``, ``telling``, ``depths``
    what is compared, shown and told of exceptions, as deep as Python looks
``names``
    variables
``buffers``
    arrays of bytes that are read where they lie
``objects``, ``kinds``
    which objects there are, and what a kind of object says
``quiet``
    which operations run code of the library
``abstract``
    methods that abstract classes of the library give to the program's own
``events``
    the kinds of events that all of these are

What is put together in ``operations`` asks for other operations in turn: a call may compare, a
pattern may ask for an attribute. Each such module has a protocol that says which, such as
``CallOperations``, and is given them as it is made.
"""
