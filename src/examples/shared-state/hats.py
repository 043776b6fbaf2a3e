from threading import Thread

hats = ["red", "blue"]


def swap(mine, other):
    seen = hats[other]
    hats[mine] = seen


ada = Thread(target=swap, args=[0, 1], name="Ada")
ben = Thread(target=swap, args=[1, 0], name="Ben")
ada.start()
ben.start()
ada.join()
ben.join()
print("Ada:", hats[0], "Ben:", hats[1])
