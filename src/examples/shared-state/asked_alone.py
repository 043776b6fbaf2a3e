from time import sleep

prices = {}


def ask(what):
    print(f"asking for {what}\n", end="")
    sleep(0.25)  # the shop looks it up
    print(f"{what} is known\n", end="")
    return 10 * len(what)


for what in ("tea", "milk"):
    prices[what] = ask(what)
print("total:", sum(prices.values()))
