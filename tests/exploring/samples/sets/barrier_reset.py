from threading import Barrier, BrokenBarrierError, Thread

barrier = Barrier(2)
seen = []


def work(number):
    try:
        barrier.wait(timeout=0.1)
        seen.append(number)
    except BrokenBarrierError:
        seen.append("x")


threads = [Thread(target=work, args=[number]) for number in range(2)]
for thread in threads:
    thread.start()
waiting = barrier.n_waiting
barrier.reset()
for thread in threads:
    thread.join()
print(sorted(map(str, seen)), waiting)
