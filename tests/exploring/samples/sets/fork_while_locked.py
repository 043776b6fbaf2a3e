import multiprocessing
import threading

lock = threading.Lock()


def other():
    lock.acquire()


def child():
    print(lock.acquire(blocking=False), flush=True)


if __name__ == "__main__":
    thread = threading.Thread(target=other)
    thread.start()
    process = multiprocessing.Process(target=child)
    process.start()
    process.join()
    thread.join()
