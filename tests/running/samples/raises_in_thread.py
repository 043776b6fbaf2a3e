import threading


def work():
    raise ValueError("two\n  lines")


thread = threading.Thread(target=work)
thread.start()
thread.join()
