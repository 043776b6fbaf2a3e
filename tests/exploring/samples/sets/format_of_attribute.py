from threading import Thread


class Task:
    number = 1

    def __str__(self):
        return "{self.number} * 2".format(self=self)


thread = Thread(target=print, args=(Task(),))
thread.start()
print(Task())
thread.join()
