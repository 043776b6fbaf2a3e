from threading import Thread, current_thread


def greet(whom):
    print(current_thread().name, "greets", whom)


greeter = Thread(target=greet, args=["Ada"], name="greeter")
greeter.start()
greeter.join()
print("done")
