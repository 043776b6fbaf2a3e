from multiprocessing import Process, current_process

print("reading the file as", __name__)


def say_hello():
    print("hello from", current_process().name)


if __name__ == "__main__":
    for name in ["first child", "second child"]:
        child = Process(target=say_hello, name=name)
        child.start()
        child.join()
