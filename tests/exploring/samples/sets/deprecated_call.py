import threading

thread = threading.Thread(target=print, args=("a",))
thread.setDaemon(True)
thread.start()
thread.join()
