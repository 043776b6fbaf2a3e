"""What functions of the library do with a container that threads share: as Python does it, or refused.

Of a function that is written in C, it is read in one step, or item by item where it is iterated.
One that is written in Python goes through it bit by bit, so that another thread may come between:
it is followed as the program is (``copy``, ``dataclasses``, ``collections.abc``), or it is refused by its name.
"""  # noqa: E501

import pytest

from anyorder.exploring.modules import PRIVATE, REAL

PROGRAM = """
import collections, threading
import {module}
{made}
def work():
    {work}
thread = threading.Thread(target=work)
thread.start()
{shown}
thread.join()
"""
LIST = "a = [3, 1, 2]", "a[0] = 9; a[2] = 0"
STREAM = "import sys\na = [3, 1, 2]", LIST[1]
NESTED = "a = [[1, 2], [3, 4]]", "a[0][0] = 9; a[1][1] = 8"
DICT = "import sys\na = {'x': 1, 'y': 2}", "a['x'] = 3; a['y'] = 4"
BYTES = "a = bytearray(b'ab')", "a[0] = 98; a[1] = 97"
TEXTS = "a = ['p', 'q']", "a[0] = 'x'; a[1] = 'y'"
COUNTER = "a = collections.Counter('aab')", "a['a'] = 1; a['b'] = 2"
ORDERED = "a = collections.OrderedDict(a=1, b=2)", "a['a'] = 3; a['b'] = 4"
SPACE = "import types\na = types.SimpleNamespace(x=1)", "a.x = 2"
POINT = (
    "@dataclasses.dataclass\nclass P:\n    x: object\n    y: object\na = P(1, [2, 3])",
    "a.x = 5; a.y[0] = 6",
)
TREE = "a = ast.parse('x = 1')", "a.body[0].targets[0].id = 'z'"
FUTURES = (
    "pool = concurrent.futures.ThreadPoolExecutor(1)\na = [pool.submit(abs, 1)] * 2",
    "a[0] = pool.submit(abs, 2)",
)
POOL = "pool = concurrent.futures.ThreadPoolExecutor(1)\na = [1, 2]", "a[0] = 3; a[1] = 4"
ROW = (
    """class Row(collections.abc.MutableSequence):
    def __init__(self, *items): self.items = [*items]
    def __len__(self): return len(self.items)
    def __getitem__(self, number): return self.items[number]
    def __setitem__(self, number, item): self.items[number] = item
    def __delitem__(self, number): del self.items[number]
    def insert(self, number, item): self.items.insert(number, item)
a, b = Row([1], [2]), [3, 4]""",
    "a.items[0][0] = 5; a.items[1][0] = 1; b[0] = 6; b[1] = 7",
)
TABLE = (
    """class Table(collections.abc.Mapping):
    def __init__(self, items): self.items_of = items
    def __len__(self): return len(self.items_of)
    def __iter__(self): return iter(self.items_of)
    def __getitem__(self, key): return self.items_of[key]
a = Table({1: [1], 2: [2]})""",
    "a.items_of[1][0] = 2; a.items_of[2] = [1]",
)
ROWS = {
    "ast": [
        (TREE, "ast.dump(a)", "ast.dump"),
        (TREE, "ast.unparse(a)", "ast.unparse"),
        (LIST, "ast.literal_eval(repr(a))"),
    ],
    "base64": [
        (LIST, "base64.b64encode(bytes(a))"),
        (BYTES, "base64.b64encode(a)", "base64.b64encode"),
        (BYTES, "base64.b85encode(a)", "base64.b85encode"),
    ],
    "bisect": [
        (LIST, "bisect.bisect(a, 2)"),
        (LIST, "bisect.bisect(a, 2, key=lambda one: one)", "bisect.bisect_right"),
        (NESTED, "bisect.bisect(a, [3])", "bisect_right"),
        (LIST, "bisect.insort(a, 2), a"),
        (LIST, "bisect.insort(a, 2, key=lambda one: one)", "insort_right() asks a key"),
    ],
    "calendar": [(LIST, "calendar.monthrange(*a[:2])")],
    "collections": [
        (DICT, "dict(collections.ChainMap(a))", "collections.ChainMap"),
        (COUNTER, "a.most_common(1)"),
        (COUNTER, "a.total()"),
        (COUNTER, "list(a.elements())"),
        (COUNTER, "(b := collections.Counter()).update(a), b"),
        (TEXTS, "collections.Counter(a)"),
        (TEXTS, "collections.namedtuple('T', a)", "collections.namedtuple"),
        (TEXTS, "collections.namedtuple('T', 'x y')._make(a)", "collections.T._make"),
        (DICT, "collections.namedtuple('T', 'x y')(**a)"),
        (LIST, "collections.UserList(a)", "collections.UserList"),
        (DICT, "collections.UserDict(a)", "collections.UserDict"),
        (TEXTS, "collections.OrderedDict.fromkeys(a)"),
        (ORDERED, "collections.OrderedDict(a)"),
        (ORDERED, "a.copy()"),
    ],
    "collections.abc": [
        (ROW, "[5] in a"),
        (ROW, "[1] not in a"),
        (ROW, "a.index([1])"),
        (ROW, "a.count([1])"),
        (ROW, "list(reversed(a))"),
        (ROW, "a.remove([1]), a.items"),
        (ROW, "a.extend(b), a.items"),
        (ROW, "a.__iadd__(b).items"),
        (TABLE, "[2] in a.values()"),
        (TABLE, "list(a.items())"),
        (TABLE, "a.get(2)"),
        (TABLE, "a == {1: [1], 2: [2]}"),
    ],
    "colorsys": [(LIST, "colorsys.rgb_to_hsv(*a)")],
    "concurrent.futures": [
        (POOL, "list(pool.map(abs, a)), pool.shutdown()"),
        (FUTURES, "len(concurrent.futures.wait(a)[0])"),
        (
            FUTURES,
            "len(list(concurrent.futures.as_completed(a)))",
            "concurrent.futures._base.as_completed",
        ),
    ],
    "copy": [(NESTED, "copy.copy(a)"), (NESTED, "copy.deepcopy(a)")],
    "csv": [
        (TEXTS, "list(csv.reader(a))"),
        (TEXTS, "list(csv.DictReader(a, 'x'))"),
        (STREAM, "csv.writer(sys.stdout).writerow(a)"),
        (STREAM, "csv.writer(sys.stdout).writerows([a, a])"),
        (DICT, "csv.DictWriter(sys.stdout, 'xy').writerow(a)", "csv.DictWriter.writerow"),
    ],
    "dataclasses": [
        (POINT, "dataclasses.asdict(a)"),
        (POINT, "dataclasses.astuple(a)"),
        (POINT, "dataclasses.replace(a, x=0)"),
    ],
    "difflib": [
        (TEXTS, "list(difflib.unified_diff(a, ['a']))", "difflib.unified_diff"),
        (TEXTS, "difflib.get_close_matches('x', a)", "difflib.get_close_matches"),
        (TEXTS, "difflib.SequenceMatcher(None, a, ['x']).ratio()", "difflib.SequenceMatcher"),
    ],
    "enum": [(TEXTS, "list(enum.Enum('E', a))", "enum.Enum")],
    "fractions": [(LIST, "fractions.Fraction(*a[:2])")],
    "functools": [
        (LIST, "functools.reduce(lambda one, other: one * 10 + other, a)"),
        (LIST, "functools.partial(len, a)()"),
        (TEXTS, "functools.update_wrapper(work, print, assigned=a)", "functools.update_wrapper"),
    ],
    "graphlib": [
        (
            ("a = {1: [2]}", "a[1].append(3)"),
            "list(graphlib.TopologicalSorter(a).static_order())",
            "graphlib.TopologicalSorter",
        )
    ],
    "hashlib": [
        (BYTES, "(b := hashlib.md5()).update(a), b.digest()"),
        (BYTES, "hashlib.sha256(a).hexdigest()", "hashlib.openssl_sha256"),
    ],
    "heapq": [
        (LIST, "heapq.nsmallest(2, a)"),
        (LIST, "heapq.nsmallest(1, a, key=abs)"),
        (LIST, "heapq.nlargest(1, a)"),
        (LIST, "heapq.nlargest(2, a, key=lambda one: -one)"),
        (NESTED, "heapq.nlargest(1, a)", "heapq.nlargest"),
        (LIST, "list(heapq.merge(a, [2]))"),
        (LIST, "list(heapq.merge(a, [2], key=lambda one: -one, reverse=True))"),
        (LIST, "heapq.heapify(a), a"),
        (LIST, "heapq.heappop(a)"),
    ],
    "inspect": [
        (("a = []", "a.append(1)"), "inspect.Signature(a)", "inspect.Signature"),
        (SPACE, "inspect.getmembers(a)", "inspect.getmembers"),
    ],
    "io": [(TEXTS, "io.StringIO().writelines(a)"), (BYTES, "io.BytesIO(a).read()", "io.BytesIO")],
    "itertools": [
        (LIST, "list(itertools.accumulate(a))"),
        (LIST, "list(itertools.chain.from_iterable([a]))"),
        (LIST, "list(itertools.product(a, repeat=1))"),
        (NESTED, "list(itertools.zip_longest(*a))"),
        (LIST, "[list(group) for _, group in itertools.groupby(a)]"),
    ],
    "json": [
        (NESTED, "json.dumps(a)", "dumps"),
        (LIST, "json.dumps(a)"),
        (LIST, "json.dumps(a, indent=1)", "json.dumps"),
        (LIST, "json.dumps(a, default=lambda one: one)", "json.dumps"),
        (DICT, "json.dump(a, None)", "json.dump"),
    ],
    "locale": [(TEXTS, "locale.format_string('%s %s', tuple(a))")],
    "logging": [
        (LIST, "logging.LogRecord('', 1, '', 1, '%s', (a,), None).getMessage()"),
        (DICT, "logging.makeLogRecord(a)", "logging.makeLogRecord"),
    ],
    "math": [
        (LIST, "math.fsum(a)"),
        (LIST, "math.prod(a)"),
        (LIST, "math.dist(a, [0, 0, 0])"),
        (LIST, "math.gcd(*a)"),
    ],
    "operator": [
        (LIST, "operator.itemgetter(0, 2)(a)"),
        (LIST, "operator.countOf(a, 9)"),
        (LIST, "operator.indexOf(a, 2)"),
        (LIST, "operator.concat(a, [1])"),
    ],
    "pprint": [
        (LIST, "pprint.pformat(a)", "pprint.pformat"),
        (NESTED, "pprint.saferepr(a)", "pprint.saferepr"),
        (SPACE, "pprint.pformat(a)", "pprint.pformat"),
    ],
    "random": [
        (LIST, "random.seed(1), random.choice(a)", "random.choice"),
        (LIST, "random.seed(1), random.shuffle(a)", "random.shuffle"),
        (LIST, "random.seed(1), random.sample(a, 2)", "random.sample"),
    ],
    "re": [
        (BYTES, "re.findall(b'a', a)", "re.findall"),
        (BYTES, "re.sub(b'a', lambda found: b'c', a)", "re.sub"),
        (BYTES, "re.compile(b'a').search(a)", "re.Pattern.search"),
    ],
    "reprlib": [(LIST, "reprlib.repr(a)", "reprlib.Repr.repr")],
    "sched": [(LIST, "(s := sched.scheduler()).enter(0, 1, print, a) and s.run()")],
    "statistics": [
        (LIST, "statistics.mean(a)", "statistics.mean"),
        (LIST, "statistics.median(a)", "statistics.median"),
        (LIST, "statistics.mode(a)", "statistics.mode"),
    ],
    "string": [
        (DICT, "string.Template('$x $y').substitute(a)"),
        (DICT, "string.Template('$x $y').safe_substitute(a, y=0)"),
        (LIST, "'{0[0]} {0[2]}'.format(a)"),
    ],
    "struct": [
        (LIST, "struct.pack('3i', *a)"),
        (BYTES, "struct.unpack('2b', a)"),
        (BYTES, "list(struct.iter_unpack('b', a))", "struct.iter_unpack"),
    ],
    "sys": [(TEXTS, "sys.stdout.writelines(a)"), (LIST, "sys.exit(a)")],
    "textwrap": [(TEXTS, "textwrap.fill(' '.join(a))")],
    "threading": [(LIST, "threading.Thread(target=print, args=a).start()")],
    "traceback": [
        (
            ("a = [('f', 1, 'n', 'l')]", "a[0] = ('g', 1, 'n', 'l')"),
            "traceback.format_list(a)",
            "traceback.format_list",
        ),
        (
            ("a = ValueError([1])", "a.args[0].append(2)"),
            "traceback.format_exception_only(a)",
            "traceback.format_exception_only",
        ),
    ],
    "types": [
        (DICT, "types.SimpleNamespace(**a)"),
        (DICT, "type('C', (), a).x"),
        (LIST, "types.resolve_bases(a)", "types.resolve_bases"),
    ],
    "typing": [
        (
            ("a = [('x', int)]", "a.append(('y', int))"),
            "typing.NamedTuple('N', a)",
            "typing.NamedTuple",
        )
    ],
    "zlib": [
        (BYTES, "zlib.crc32(a)"),
        (BYTES, "(b := zlib.compressobj()).compress(a) + b.flush()"),
    ],
}
TESTED_ELSEWHERE = "its objects are, one by one"
NO_CONTAINERS = "it takes no containers, or only keeps them"
OTHERS = {
    **dict.fromkeys(
        ("__future__", "abc", "cmath", "contextlib", "contextvars", "datetime", "decimal",
         "errno", "gc", "keyword", "numbers", "unicodedata", "warnings", "weakref"),
        NO_CONTAINERS,
    ),
    **dict.fromkeys(("_thread", "_threading_local", "builtins", "queue"), TESTED_ELSEWHERE),
}  # fmt: skip
# functions written in Python that are followed as the program's code is
FOLLOWED = {
    "collections.abc": "_collections_abc",
    "copy": "copy",
    "dataclasses": "dataclasses",
    "heapq": "heapq",
    "string": "string",
}


def test_every_module_has_a_row():
    """What the table lacks takes no containers, or is tested by itself."""
    parts = {"concurrent.futures._base", "concurrent.futures.thread"}
    assert ROWS.keys() - {"collections.abc", "random"} | OTHERS.keys() == (REAL | PRIVATE) - parts


@pytest.mark.parametrize(
    ("module", "row"),
    [(module, row) for module, rows in ROWS.items() for row in rows],
    ids=lambda one: one if isinstance(one, str) else one[1],
)
def test_a_call_is_followed_or_refused(explorer, oracle, module, row):
    """A row has how the container is made and changed, a call, and the name that is refused."""
    (made, work), call, *refused = row
    shown = f"print({call})"
    source = PROGRAM.format(module=module, made=made, work=work, shown=shown)
    found = explorer.ask(source=source, seconds=60)
    if refused:
        assert refused[0] in found["refused"]
        return
    assert found.get("complete"), found
    within = [FOLLOWED[module]] if module in FOLLOWED else []
    said = oracle.ask(source=source, runs=50, within=within)
    missed = [outcome for outcome, _ in said["outcomes"] if outcome not in found["outcomes"]]
    assert missed == []
