from threading import Thread


def shop(items):
    items.append("milk")
    items = ["eggs"]
    items.append("salt")
    print("helper:", items)


basket = ["bread"]
helper = Thread(target=shop, args=[basket])
helper.start()
helper.join()
print("main:", basket)
