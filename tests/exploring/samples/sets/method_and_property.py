from threading import Thread


class Stack:
    def __init__(self):
        self._items = []

    @property
    def items(self):
        return self._items

    def all(self):
        return self._items


seen, stack = [], Stack()
thread = Thread(target=lambda: stack.all().append(1))
thread.start()
if not stack.all():
    seen.append("empty")
seen.append(len(stack.all()))
seen.append(f"{stack.items} {stack.all()}")
thread.join()
print(seen)
