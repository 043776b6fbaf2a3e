from multiprocessing import Process


def work():
    print("never")


process = Process(target=work)
process.start()
process.join()
