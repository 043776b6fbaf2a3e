from threading import Barrier, Thread

hats = ["red", "blue"]
together = Barrier(2)


def swap(mine, other):
    seen = hats[other]
    together.wait()
    hats[mine] = seen


ada = Thread(target=swap, args=[0, 1], name="Ada")
ben = Thread(target=swap, args=[1, 0], name="Ben")
ada.start()
ben.start()
ada.join()
ben.join()
print("Ada:", hats[0], "Ben:", hats[1])
