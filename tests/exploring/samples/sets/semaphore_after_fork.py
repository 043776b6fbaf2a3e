import multiprocessing
import threading

semaphore = threading.Semaphore(1)


def child():
    semaphore.acquire()


if __name__ == "__main__":
    process = multiprocessing.Process(target=child)
    process.start()
    process.join()
    semaphore.acquire()
    print("end")
