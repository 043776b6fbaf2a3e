from threading import Thread

from own_module import increase

thread = Thread(target=lambda: print(increase(1)))
thread.start()
thread.join()
