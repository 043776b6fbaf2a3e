from threading import Thread

names = ["Cid", "Ada", "Ben"]


def surname(name):
    return name


sorter = Thread(target=names.sort, kwargs={"key": surname}, name="sorter")
sorter.start()
print("guests:", len(names))
sorter.join()
print("first:", names[0])
