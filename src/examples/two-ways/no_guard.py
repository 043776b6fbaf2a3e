from multiprocessing import Process, current_process


def say_hello():
    print("hello from", current_process().name)


child = Process(target=say_hello)
child.start()
say_hello()
