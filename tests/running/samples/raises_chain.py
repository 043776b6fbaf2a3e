def look_up():
    try:
        {}["a"]
    except KeyError as error:
        raise ValueError("no a") from error


try:
    look_up()
except ValueError:
    [].pop()
