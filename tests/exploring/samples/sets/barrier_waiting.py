from threading import Barrier, Thread

barrier = Barrier(2)
thread = Thread(target=barrier.wait)
thread.start()
number = barrier.n_waiting
barrier.wait()
thread.join()
print(number)
