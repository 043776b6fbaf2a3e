from multiprocessing import Process


def work():
    print("child")


if __name__ == "__main__":
    words = map(str, [1])
    process = Process(target=work)
    process.start()
    process.join()
