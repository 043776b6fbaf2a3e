from multiprocessing import Pipe, Process


def answer(connection):
    word = connection.recv()
    connection.send(word.upper())


if __name__ == "__main__":
    mine, theirs = Pipe()
    answerer = Process(target=answer, args=[theirs])
    answerer.start()
    mine.send("good morning")
    print("the child says", mine.recv())
    answerer.join()
