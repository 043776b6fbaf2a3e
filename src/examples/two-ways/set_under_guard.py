from multiprocessing import Process

language = "English"


def translate():
    print("into", language)


if __name__ == "__main__":
    language = "French"
    translator = Process(target=translate)
    translator.start()
    translator.join()
