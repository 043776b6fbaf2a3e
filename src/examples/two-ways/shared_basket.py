from threading import Thread

basket = ["bread"]


def add(item):
    basket.append(item)


helper = Thread(target=add, args=["milk"])
helper.start()
add("eggs")
helper.join()
print(basket)
