from threading import Thread


def work():
    pass


thread = Thread(target=work)
thread.start()
print("started" in repr(thread))
