import logging
import sys
from threading import Thread

logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(message)s")
log = logging.getLogger("hello")


def say_hello(name):
    log.info("hello from %s", name)


ada = Thread(target=say_hello, args=["Ada"])
ben = Thread(target=say_hello, args=["Ben"])
ada.start()
ben.start()
