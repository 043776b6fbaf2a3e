from multiprocessing import Process


def work():
    pass


if __name__ == "__main__":
    process = Process(target=work)
    print(process)
    process.start()
    process.join()
    print(process)
