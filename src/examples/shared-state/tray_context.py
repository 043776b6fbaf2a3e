from contextvars import ContextVar, copy_context
from threading import Thread

table = ContextVar("table", default="none")


def carry():
    print("to table", table.get())


table.set("one")
waiter = Thread(target=copy_context().run, args=[carry], name="waiter")
waiter.start()
waiter.join()
