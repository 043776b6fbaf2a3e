from multiprocessing import Process

basket = ["apple"]


def fill(bag):
    basket.append("pear")
    bag.append("nut")
    print("the child has", basket, bag)


if __name__ == "__main__":
    my_bag = ["plum"]
    filler = Process(target=fill, args=[my_bag])
    filler.start()
    filler.join()
    print("the parent has", basket, my_bag)
