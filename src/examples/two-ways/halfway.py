from threading import Barrier, Thread

halfway = Barrier(2)
diary = []


def walk(name):
    diary.append(f"{name} sets out")
    halfway.wait()
    diary.append(f"{name} arrives")


ada = Thread(target=walk, args=["Ada"])
ben = Thread(target=walk, args=["Ben"])
ada.start()
ben.start()
ada.join()
ben.join()
print("\n".join(diary))
