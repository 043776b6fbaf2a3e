from multiprocessing import Lock, Process


def work(lock, number):
    with lock:
        print(number)


if __name__ == "__main__":
    lock = Lock()
    for number in range(2):
        Process(target=work, args=(lock, number)).start()
