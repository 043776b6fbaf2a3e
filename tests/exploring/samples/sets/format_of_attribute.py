from threading import Thread


class Task:
    number = 1

    def __str__(self):
        return f"{self.number} * 2"


thread = Thread(target=print, args=(Task(),))
thread.start()
print(Task())
thread.join()
