from threading import Thread

thread = Thread(target=print, args=["hello"])
thread.start()
thread.join()
