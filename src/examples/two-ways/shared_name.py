from threading import Thread

weather = "sun"


def let_it_rain():
    global weather
    weather = "rain"


cloud = Thread(target=let_it_rain)
cloud.start()
print("now:", weather)
cloud.join()
print("later:", weather)
