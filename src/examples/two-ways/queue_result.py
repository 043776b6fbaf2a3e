from multiprocessing import Process, Queue


def count_vowels(word, counts):
    count = sum(letter in "aeiou" for letter in word)
    counts.put((word, count))


if __name__ == "__main__":
    counts = Queue()
    first = Process(target=count_vowels, args=["tea", counts])
    second = Process(target=count_vowels, args=["coffee", counts])
    first.start()
    second.start()
    for _ in range(2):
        word, count = counts.get()
        print(word, "has", count, "vowels")
    first.join()
    second.join()
