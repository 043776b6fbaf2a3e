from threading import Thread

n = 0


def work():
    global n  # noqa: PLW0603 - that it is shared is the point
    n += 1


other = Thread(target=work)
other.start()
work()
other.join()
print(n)
