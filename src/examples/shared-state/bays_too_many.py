from threading import Semaphore

bays = Semaphore(2)

bays.acquire()  # a car parks
bays.release()  # and leaves
bays.release()  # the arm counts it twice

free = 0
while bays.acquire(blocking=False):
    free += 1
print("free bays:", free)
