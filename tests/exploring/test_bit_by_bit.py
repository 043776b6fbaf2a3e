"""Functions of the library that ask for what they are given bit by bit.

That each follows what real threads do is held in ``tests/oracle/test_library.py``.
"""

from __future__ import annotations

import pytest

from anyorder.exploring import CannotExplore

TWO = """
import csv, heapq, io, string, struct, sys, threading
{begin}
def work(name):
    {body}
threads = [threading.Thread(target=work, args=(name,)) for name in "ab"]
for thread in threads: thread.start()
for thread in threads: thread.join()
{end}
"""


def printed(found):
    """Return what a program that always ends well may print."""
    assert found.complete
    assert all(one.outcome.exit == 0 and not one.outcome.stderr for one in found.outcomes)
    return sorted(one.outcome.stdout for one in found.outcomes)


def two(body, begin="", end=""):
    """Return a program in which two threads do the same."""
    return TWO.format(body=body, begin=begin, end=end)


@pytest.mark.parametrize("name", ["nsmallest", "nlargest"])
def test_what_is_counted_first_is_gone_through_later(explored, name):
    """The functions look how many items there are before they look at these."""
    source = f"""
        import heapq, threading
        def {name}(n, items):
            size = len(items)
            if n >= size:
                return sorted(items, reverse={name == "nlargest"})[:n]
            return sorted([one for one in items], reverse={name == "nlargest"})[:n]
        items = [3, 1]
        def work():
            items.append(2)
            items[0] = 0
        thread = threading.Thread(target=work)
        thread.start()
        print({{}}(1 + 1, items) if len(items) > 2 else None)
    """
    found = [printed(explored(source.format(one))) for one in (name, f"heapq.{name}")]
    assert found[0] == found[1]
    assert len(found[0]) > 2


def test_a_key_runs_between_two_items(explored):
    source = """
        import heapq, threading
        items = [3, 1]
        def key(one):
            print(one)
            return one
        def work():
            items[1] = 0
        thread = threading.Thread(target=work)
        thread.start()
        found = heapq.nsmallest(1, items, key=key)
        thread.join()
        print(found)
    """
    assert printed(explored(source)) == ["3\n0\n[0]\n", "3\n1\n[1]\n"]


def test_pairs_are_compared(explored):
    source = two("print(*heapq.nlargest(1, [(1, name), (1, 'x')])[0], end=' ')", end="print()")
    assert "1 x 1 x \n" in printed(explored(source))


def test_merging_goes_on_as_it_is_asked(explored):
    begin = "a, b = [1, 3], [2]\nmerged = heapq.merge(a, b)\nprint(next(merged))"
    source = two("a.append(ord(name))", begin, "print(list(merged))")
    assert printed(explored(source)) == ["1\n[2, 3, 97, 98]\n", "1\n[2, 3, 98, 97]\n"]


def test_threads_that_merge_at_once_are_refused(explored):
    begin = "merged = heapq.merge([1, 3], [2])"
    with pytest.raises(CannotExplore, match="at the same time"):
        explored(two("next(merged)", begin))
    guarded = two("with lock: next(merged)", f"{begin}\nlock = threading.Lock()", "print(*merged)")
    assert printed(explored(guarded)) == ["3\n"]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("heapq.nsmallest(1, [items, items])", "objects of list one after another"),
        ("heapq.nlargest(1, [1, 2], key=lambda one: items)", "objects of list one after another"),
        ("heapq.nsmallest(1, [(1, items), (1, items)])", "objects of tuple one after another"),
        ("heapq.nsmallest(9, items)", "grows meanwhile"),
        ("struct.pack_into('b', items, 0, 1)", "struct.pack_into.* into a list"),
        ("csv.DictReader([]).__init__([])", "make a new one"),
        ("csv.DictReader.__init__(csv.DictReader([]), [])", "make a new one"),
        ("type('Rows', (csv.DictReader,), {})([])", "derived from csv.DictReader"),
        ("type('Form', (struct.Struct,), {})('b')", "derived from struct.Struct"),
        ("struct.Struct('b').__init__('h')", "make a new one"),
        ("struct.Struct.__init__(struct.Struct('b'), 'h')", "make a new one"),
        ("struct.Struct('b').pack_into(items, 0, 1)", "struct.pack_into.* into a list"),
    ],
)
def test_what_is_refused(explored, call, words):
    begin = "items = [5] * 8"
    with pytest.raises(CannotExplore, match=words):
        explored(two(f"items.append(6); {call}", begin))


def test_bytes_are_packed_where_no_other_thread_looks(explored):
    begin = "data = bytearray(4)"
    source = two("struct.pack_into('<h', data, 2 * (name == 'b'), 1)", begin, "print(data)")
    assert printed(explored(source)) == ["bytearray(b'\\x01\\x00\\x01\\x00')\n"]
    with pytest.raises(CannotExplore, match="set a slice"):
        explored(two("struct.pack_into('<h', data, name == 'b', 1)", begin))
    instead = "start = int(name == 'b'); data[start:start + 2] = struct.pack('<h', 257)"
    assert len(printed(explored(two(instead, begin, "print(data)")))) == 1


@pytest.mark.parametrize("call", ["form.pack_into(", "struct.Struct.pack_into(form, "])
def test_a_format_of_its_own_packs_as_the_module_does(explored, call):
    begin = "form = struct.Struct('<h'); data = bytearray(4)"
    end = "print(form.size, form.format, *form.iter_unpack(data), form.unpack_from(data, offset=2))"
    source = two(f"{call}data, 2 * (name == 'b'), 1)", begin, end)
    assert printed(explored(source)) == ["2 <h (1,) (1,) (1,)\n"]
    with pytest.raises(CannotExplore, match="set a slice"):
        explored(two(f"{call}data, name == 'b', 1)", begin))


def test_what_a_format_is_given_is_read_in_one_step(explored):
    begin = "form = struct.Struct('2b'); data = bytearray(2)"
    body = "data[name == 'b'] = 1; print((*form.unpack(data), *form.pack(*data)))"
    shown = set("".join(printed(explored(two(body, begin)))))
    assert shown == set("(0, 1)\n")


def test_threads_write_rows_one_after_another(explored):
    begin = "out = io.StringIO()\nwriter = csv.writer(out)\nlock = threading.Lock()"
    end = "print(repr(out.getvalue()))"
    found = printed(explored(two("with lock: writer.writerow([name, 1])", begin, end)))
    assert found == ["'a,1\\r\\nb,1\\r\\n'\n", "'b,1\\r\\na,1\\r\\n'\n"]
    with pytest.raises(CannotExplore, match="each call it under a lock"):
        explored(two("writer.writerow([name, 1])", begin, end))


def test_rows_of_dicts(explored):
    begin = "out = io.StringIO()\nlock = threading.Lock()\nwriter = csv.DictWriter(out, ['x'])"
    body = "\n    with lock: writer.writerow({'x': name})"
    end = "print([row['x'] for row in csv.DictReader(io.StringIO('x\\n' + out.getvalue()))])"
    assert printed(explored(two(body, begin, end))) == ["['a', 'b']\n", "['b', 'a']\n"]


@pytest.mark.parametrize(
    "body",
    [
        "print(next(reader, None))",
        "print(csv.DictReader.__next__(reader))",
        "next(reader); print(reader.line_num)",
        "print(reader.fieldnames)",
        "reader.restval = name; print(next(reader))",
    ],
)
def test_threads_share_no_reader_of_dicts(explored, body):
    with pytest.raises(CannotExplore, match="threads share an object of DictReader"):
        explored(two(body, "reader = csv.DictReader(['a', '1', '2'])"))


def test_a_reader_of_dicts_is_not_copied(explored):
    """Both would ask the same reader of rows."""
    with pytest.raises(CannotExplore, match="copying an iterator"):
        explored("import copy, csv\ncopy.copy(csv.DictReader(['a', '1']))")


@pytest.mark.parametrize(
    ("begin", "body", "words"),
    [
        ("inner = rows.reader", "next(inner)", "reader of a DictReader is the library's own"),
        ("rows._fieldnames", "pass", "_fieldnames of a DictReader is the library's own"),
        ("names = rows.fieldnames", "names[0] = name", "changing what a DictReader keeps"),
        ("rows.fieldnames = ['b']", "pass", "give them to it as it is made"),
        ("rows = csv.DictWriter(sys.stdout, 'a')\nrows.writer", "pass", "writer of a DictWriter"),
    ],
)
def test_what_a_table_keeps_is_not_reached_past_it(explored, begin, body, words):
    with pytest.raises(CannotExplore, match=words):
        explored(two(body, f"rows = csv.DictReader(['a', '1', '2'])\n{begin}"))


@pytest.mark.parametrize(
    "call",
    [
        "csv.writer(sys.stdout, Own)",
        "csv.writer(sys.stdout, dialect=Own())",
        "csv.reader(['a'], Own)",
        "csv.DictReader(['a'], dialect=Own)",
        "csv.DictWriter(sys.stdout, 'a', '', 'raise', Own)",
        "csv.writer(sys.stdout, csv.excel())",
    ],
)
def test_a_dialect_of_the_programs_own_is_refused(explored, call):
    with pytest.raises(CannotExplore, match="give the parameters by name"):
        explored(two(call, "class Own(csv.excel): delimiter = ';'"))


def test_dialects_that_no_thread_changes(explored):
    body = "[csv.writer(io.StringIO(), one) for one in ('excel', csv.unix_dialect)]"
    assert printed(explored(two(body, end="print(*csv.reader(['a;b'], delimiter=';'))"))) == [
        "['a', 'b']\n"
    ]


def test_one_thread_asks_a_reader_of_dicts_for_what_it_says(explored):
    begin = "rows = csv.DictReader(['a', '1', '2'])\nprint(rows.fieldnames, rows.line_num)"
    end = "for row in rows: print(row, rows.line_num)"
    assert printed(explored(two("pass", begin, end))) == ["['a'] 1\n{'a': '1'} 2\n{'a': '2'} 3\n"]


@pytest.mark.parametrize("body", ["print(next(lines))", "next(lines)"])
def test_what_the_library_asks_in_code_of_its_own_is_no_code_of_the_program(explored, body):
    begin = "import codecs\nlines = codecs.getreader('utf-8')(io.BytesIO(b'a\\nb\\n'))"
    with pytest.raises(CannotExplore, match="threads share an object of StreamReader"):
        explored(two(body, begin))


def test_each_thread_reads_lines_of_a_stream(explored):
    begin = "text = io.StringIO('1,2\\n3,4\\n')\nfound = []\nlock = threading.Lock()"
    body = "\n    with lock: found.append((name, *next(csv.reader(text))))"
    found = printed(explored(two(body, begin, "print(sorted(found))")))
    assert found == ["[('a', '1', '2'), ('b', '3', '4')]\n", "[('a', '3', '4'), ('b', '1', '2')]\n"]


def test_a_template_asks_for_one_value_after_another(explored):
    source = """
        import string, threading
        shared = {"x": 1, "y": 1}
        def work():
            shared["x"] = 2
            shared["y"] = 2
        thread = threading.Thread(target=work)
        thread.start()
        text = string.Template("$x$y $z").safe_substitute(shared, x=shared["x"])
        thread.join()
        print(text)
    """
    assert printed(explored(source)) == [f"{one} $z\n" for one in ("11", "12", "21", "22")]


def test_a_text_is_translated_one_character_after_another(explored):
    source = """
        import threading
        table = {97: "x", 98: "x"}
        def work():
            table[97] = "y"
            table[98] = "y"
        thread = threading.Thread(target=work)
        thread.start()
        print("ab".translate(table))
        thread.join()
    """
    assert printed(explored(source)) == [f"{one}\n" for one in ("xx", "xy", "yx", "yy")]


def test_a_table_says_itself_what_is_no_character(explored):
    found = explored("""
        class Next:
            def __getitem__(self, key):
                if key == 98: raise LookupError
                return chr(key + 1) if key < 99 else None
        print("abc".translate(Next()), str.translate("ab", {97: "q"}))
        for table in (), (None,), ({}, {}), ({97: []},), ({97: -1},):
            try: print("ab".translate(*table))
            except (TypeError, ValueError) as error: print(error)
    """)
    [text] = printed(found)
    assert text.startswith("bb qb\n")
    assert len(text.splitlines()) == 6
