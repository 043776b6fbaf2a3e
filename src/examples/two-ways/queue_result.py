from multiprocessing import Process, Queue


def count_vowels(word, counts):
    count = sum(letter in "aeiou" for letter in word)
    counts.put((word, count))


if __name__ == "__main__":
    counts = Queue()
    counters = [Process(target=count_vowels, args=[word, counts]) for word in ["tea", "coffee"]]
    for counter in counters:
        counter.start()
    for _ in counters:
        word, count = counts.get()
        print(word, "has", count, "vowels")
    for counter in counters:
        counter.join()
