def work():
    raise KeyError("k")


error = None
group = None
try:
    work()
except KeyError as caught:
    error = caught

group = ExceptionGroup("both", [error, ValueError(1)])
group.add_note("a note")
raise group
