import contextvars

depth = contextvars.ContextVar("depth", default=0)
while depth.get() < 3:
    depth.set(depth.get() + 1)
print(depth.get())
