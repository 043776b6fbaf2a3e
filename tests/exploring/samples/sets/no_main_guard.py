import multiprocessing


def work(lock):
    with lock:
        print("x")


lock = multiprocessing.Lock()
process = multiprocessing.Process(target=work, args=(lock,))
process.start()
process.join()
