"""The kinds of objects that random programs share: how each is made, changed and looked at.

The texts are Python with holes, which are names of one capital letter:

``X``
    the object, however it is reached
``V``, ``T``
    a small number, a short text
``E``, ``F``, ``N``
    an expression; ``N`` is one whose value is an ``int``
``B``, ``C``
    as a statement: one or two statements
``K``, ``L``, ``M``
    a name that nothing else has

Each statement of ``changes`` and each expression of ``looks`` is one choice; ``if 1:`` holds
several statements that belong together.
"""

from dataclasses import dataclass

__all__ = ["HELPERS", "KINDS", "Kind"]


@dataclass(frozen=True)
class Kind:
    """A kind of object.

    Args:
        setup: makes ``X``
        changes: statements that may change it
        looks: expressions that look at it
        shown: what the program prints of it when all is done, and nothing where it is empty
        python: the first version that has it
        variable: whether ``X`` has to be a variable, since it is bound in the ways of one
    """

    setup: str
    changes: str
    looks: str
    shown: str = "X"
    python: tuple[int, int] = (3, 11)
    variable: bool = False


# what programs use, put before them where they do
HELPERS = {
    "Box": """
        class Box:
            def __init__(self, v):
                self.v = v
            def __repr__(self):
                return f"Box({self.v})"
    """,
    "Grid": """
        class Grid:
            def __init__(self, v):
                self.v = v
            def __matmul__(self, other):
                return (self.v, other.v)
            def __getitem__(self, key):
                return (self.v, str(key))
    """,
    "Open": """
        class Open:
            def __init__(self, v):
                self.v = v
            def __enter__(self):
                return self.v
            def __exit__(self, kind, error, trace):
                return kind is ValueError
    """,
    "Point": """
        @dataclasses.dataclass(order=True)
        class Point:
            x: object = 0
            y: list = dataclasses.field(default_factory=list)
    """,
    "Pair": "Pair = collections.namedtuple('Pair', 'one two', defaults=(0,))",
    "Typed": """
        class Typed(typing.NamedTuple):
            one: object
            two: int = 2
    """,
    "Trouble": """
        class Trouble(Exception):
            pass
    """,
    "Base": """
        class Base:
            v = 0
            seen = []
            def look(self):
                return self.v
            @classmethod
            def of_class(cls):
                return cls.v
            @staticmethod
            def fixed():
                return Base.v
            @property
            def shown(self):
                return self.v
            @shown.setter
            def shown(self, value):
                self.v = value
    """,
    "Kid": """
        class Kid(Base):
            def look(self):
                return (super().look(), __class__.__name__)
    """,
    "Other": """
        class Other(Base):
            v = 5
    """,
    "Full": """
        class Full:
            __hash__ = None
            def __init__(self):
                self.kept = [1]
            def __eq__(self, other):
                return self.kept == other
            def __lt__(self, other):
                return self.kept < other
            def __bool__(self):
                return len(self.kept) > 1
            def __len__(self):
                return len(self.kept)
            def __iter__(self):
                return iter(self.kept)
            def __contains__(self, v):
                return v in self.kept
            def __getitem__(self, key):
                return self.kept[key]
            def __setitem__(self, key, v):
                self.kept[key] = v
            def __delitem__(self, key):
                del self.kept[key]
            def __call__(self, *more, **named):
                self.kept.extend(more)
                return len(self.kept)
            def __add__(self, other):
                return self.kept + other
            def __radd__(self, other):
                return other + self.kept
            def __iadd__(self, other):
                self.kept = self.kept + other
                return self
            def __repr__(self):
                return f"Full({self.kept})"
            def __str__(self):
                return str(self.kept)
            def __format__(self, spec):
                return f"<{self.kept}{spec}>"
            def __index__(self):
                return len(self.kept)
            def __enter__(self):
                self.kept.append(0)
                return self
            def __exit__(self, *error):
                self.kept.pop()
            def __getattr__(self, name):
                return (name, len(self.kept))
            def __reversed__(self):
                return reversed(self.kept)
            def __neg__(self):
                return -len(self.kept)
            def __int__(self):
                return len(self.kept)
    """,
    "Slots": """
        class Slots:
            __slots__ = ("v", "w")
            def __init__(self):
                self.v = 0
    """,
    "Field": """
        class Field:
            def __set_name__(self, owner, name):
                self.name = name
            def __get__(self, one, owner):
                return one.kept if one else self.name
            def __set__(self, one, v):
                one.kept = v
    """,
    "Described": """
        class Described:
            field = Field()
            def __init__(self):
                self.field = 0
    """,
    "Meta": """
        class Meta(type):
            def __len__(cls):
                return cls.size
    """,
    "Sized": """
        class Sized(metaclass=Meta):
            size = 1
    """,
    "Colour": """
        class Colour(enum.Enum):
            RED = 1
            BLUE = 2
    """,
    "MyList": """
        class MyList(list):
            def append(self, v):
                super().append(v)
                self.last = v
    """,
    "MyDict": """
        class MyDict(dict):
            def __missing__(self, key):
                self[key] = 0
                return 0
    """,
    "Cached": """
        class Cached:
            v = 1
            @functools.cached_property
            def it(self):
                return [self.v]
    """,
    "Worker": """
        class Worker(threading.Thread):
            def __init__(self, v):
                super().__init__()
                self.v = v
            def run(self):
                self.v = (self.v, 1)
    """,
    "helper": """
        def helper(v, *more, named=None, **rest):
            return v
    """,
    "numbers": """
        def numbers(first=1):
            for v in range(first, 4):
                yield v
    """,
    "outer": """
        def outer():
            L = yield from numbers()
            return L
    """,
    "managed": """
        @contextlib.contextmanager
        def managed(v):
            yield v
    """,
    "counter": """
        def counter():
            v = 0
            def count():
                nonlocal v
                v += 1
                return v
            return count
    """,
}

SEQUENCE_LOOKS = """
len(X)
bool(X)
list(X)
tuple(X)
[L for L in X]
[*X]
list(enumerate(X))
list(zip(X, range(3)))
list(map(str, X))
list(filter(None, X))
any(X)
all(X)
"""

KINDS = {
    "number": Kind(
        "X = 1",
        """
X = V
X += V
X -= V
X *= V
X //= 2
X %= 3
X **= 2
X <<= 1
X >>= 1
X &= 3
X |= 4
X ^= 1
X = X + V
X: int = V
(X := V)
for X in (V, V): pass
for X in [V]:
    B
with Open(V) as X: pass
[X, L] = [V, V]
X = L = V
[L, *X] = [V, V]
(X, L), M = (V, V), V
if 1:
    del X
    X = V
match V:
    case X: pass
match [V, V]:
    case [L, *X]: pass
match {1: V, 2: V}:
    case {1: L, **X}: pass
match V:
    case 0 | 1 as X: pass
    case int(X): pass
[L for K in (1, 2) if (X := K)]
del X
""",
        """
X
X + V
X - V
-X
~X
+X
X * 2
X / 2
X % 2
X == V
X != V
X < V
0 <= X <= 9
X.bit_length()
divmod(X, 2)
abs(X)
round(X)
int(X)
float(X)
hex(X)
bin(X)
str(X)
pow(X, 2)
X is None
range(X)
list(range(X))
complex(X)
chr(65 + X)
X.real
""",
        variable=True,
    ),
    "bound name": Kind(
        "X = 'text'",
        """
import math as X
import os.path as X
from math import pi as X
def X(): return V
class X:
    v = V
try:
    raise Trouble(V)
except Trouble as X:
    pass
X = lambda: V
X = Colour.RED
X = [V]
X = None
X = print
""",
        """
type(X).__name__
callable(X)
isinstance(X, str)
hasattr(X, '__name__')
getattr(X, '__name__', 0)
X is None
X == 'text'
""",
        "type(X).__name__",
        variable=True,
    ),
    "text": Kind(
        "X = 'ab'",
        """
X += T
X *= 2
X = X.upper()
X = T + X
X = X[1:]
X = f'{X}{T}'
""",
        """
X
len(X)
X[0]
X[-1:]
X[::-1]
X + T
X * 2
T in X
X.upper()
X.split('a')
X.replace('a', T)
X.join(['1', '2'])
X.startswith('a')
X.encode()
X.center(6, '-')
X.find('b')
X.partition('b')
sorted(X)
f'{X:>5}'
f'{X!r}'
'%s %r' % (X, X)
'{} {0}'.format(X) if 0 else '{}'.format(X)
'{v}'.format(v=X)
format(X, '>4')
X == T
X < T
X.isalpha()
list(X)
ord(X[0])
X.count('a')
ascii(X)
""",
        variable=True,
    ),
    "bytes": Kind(
        "X = b'ab'",
        """
X += b'c'
X = X[1:]
X = bytes([V])
""",
        """
X
X[0]
X.decode()
list(X)
b'a' in X
X.hex()
X + b'd'
bytearray(X)
""",
        variable=True,
    ),
    "list": Kind(
        "X = [1, 2]",
        """
X.append(V)
X.insert(0, V)
X.extend([V, V])
X.extend(L for L in (V, V))
X.remove(1)
X.pop()
X.pop(0)
X.clear()
X.reverse()
X.sort()
X.sort(key=lambda L: -L, reverse=True)
X[0] = V
X[-1] = V
X[0:1] = [V, V]
X[len(X):] = [V]
X[::2] = [V]
del X[0]
del X[:1]
del X[0], X[0]
X += [V]
X *= 2
X[0] += V
X[0], X[-1] = X[-1], X[0]
X[0], *X[1:] = V, V, V
for X[0] in (V, V): pass
[X[0] for L in (1,)]
with Open(V) as X[0]: pass
X.append(len(X))
X.append(X[-1])
if X:
    X.pop()
while X:
    X.pop()
if V not in X:
    X.append(V)
for L in X:
    B
list.append(X, V)
operator.setitem(X, 0, V)
heapq.heappush(X, V)
bisect.insort(X, V)
""",
        SEQUENCE_LOOKS
        + """
X
X[0]
X[-1]
X[1:]
X[::-1]
X[:-1]
X == [1, 2]
X != [1]
X < [1, 3]
[1, 2] >= X
1 in X
9 not in X
X.count(1)
X.index(2)
X.copy()
X[:]
sorted(X)
sorted(X, key=lambda L: -L)
sum(X)
sum([X, [0]], [])
max(X)
min(X, default=0)
max(X, [1])
list(reversed(X))
X + [0]
[0] + X
X * 2
str(X)
repr(X)
f'{X}'
f'{X!r:>9}'
'%s' % X
'{}'.format(X)
'{0[0]}'.format(X)
set(X)
frozenset(X)
dict.fromkeys(X)
copy.copy(X)
copy.deepcopy(X)
json.dumps(X)
[X, X]
(X, 1) == ([1, 2], 1)
X in [[1, 2]]
[X] == [[1, 2]]
[[1, 2]].index(X)
[[1, 2]].count(X)
helper(*X)
max(*X, 0)
print(*X, end='')
''.join(map(str, X))
isinstance(X, list)
not X
X and X[0]
X or 'none'
X.__len__()
operator.itemgetter(0)(X)
functools.reduce(operator.add, X)
math.prod(X)
statistics.mean(X)
heapq.nsmallest(1, X)
bisect.bisect(X, 1)
list(itertools.chain(X, X))
list(itertools.islice(X, 1))
list(itertools.accumulate(X))
next(iter(X))
str(X)[1:-1].split(', ')
hash(tuple(X)) == hash((1, 2))
slice(X[0], None)
""",
    ),
    "list of lists": Kind(
        "X = [[1], [2]]",
        """
X[0].append(V)
X[0][0] = V
X[0] += [V]
X[-1] = [V]
X.append([V])
del X[0][0]
X[0][0] += V
X.sort(key=len)
X.append(X[0])
""",
        """
X
X[0]
X == [[1], [2]]
[1] in X
X[0] == [1]
X[0] is X[-1]
X.index([2])
X.count([1])
sorted(X)
max(X)
sum(X, [])
str(X)
f'{X}'
copy.copy(X)
copy.deepcopy(X)
len(X[0])
[len(L) for L in X]
[K for L in X for K in L]
[K for L in X if L for K in L if K]
dict(enumerate(X))
dict(zip('ab', X))
json.dumps(X)
[*X[0], *X[1]]
[*map(tuple, X)]
X < [[1], [3]]
""",
    ),
    "dict": Kind(
        "X = {1: 2}",
        """
X[V] = V
X[1] += 1
X[V] = len(X)
del X[1]
X.pop(1, None)
X.pop(1)
X.popitem()
X.update({V: V})
X.update(a=V)
X.update([(V, V)])
X.setdefault(V, V)
X.setdefault(V, []).append(V)
X.clear()
X |= {V: V}
X[1], X[2] = V, V
if V not in X:
    X[V] = 0
for L in X:
    B
for L, K in X.items():
    B
for L in list(X):
    X.pop(L)
for X[V] in (1, 2): pass
with Open(V) as X[V]: pass
""",
        SEQUENCE_LOOKS
        + """
X
X[1]
X.get(1)
X.get(V, 0)
list(X)
list(X.items())
list(X.keys())
list(X.values())
sorted(X.values())
1 in X
1 in X.keys()
2 in X.values()
(1, 2) in X.items()
X == {1: 2}
X | {9: 9}
{9: 9} | X
dict(X)
X.copy()
max(X, key=X.get)
{L: K for L, K in X.items()}
{**X}
{**X, 7: 8}
list(reversed(X))
str(X)
f'{X}'
json.dumps(X)
X.keys() == {1}
X.keys() & {1}
X.items() == {(1, 2)}
copy.deepcopy(X)
len(X.items())
helper(1, **{str(L): L for L in X})
dict(sorted(X.items(), key=lambda L: L[0]))
'%(a)s' % {**{'a': 0}, **{str(L): K for L, K in X.items()}}
[X]
next(iter(X.values()), None)
""",
    ),
    "set": Kind(
        "X = {1}",
        """
X.add(V)
X.discard(V)
X.remove(1)
X.pop()
X.clear()
X.update({V})
X.update([V], (V,))
X |= {V}
X &= {V}
X -= {V}
X ^= {V}
X.difference_update({V})
X.intersection_update({V})
X.symmetric_difference_update({V})
if V not in X:
    X.add(V)
for L in X:
    B
""",
        SEQUENCE_LOOKS
        + """
X
sorted(X)
1 in X
X | {9}
X & {1}
X - {1}
X ^ {1}
{1} <= X
X < {1, 2}
X == {1}
X.issubset({1, 2})
X.issuperset({1})
X.isdisjoint({1})
X.union({9})
X.intersection({1})
X.difference({1})
X.symmetric_difference({1})
X.copy()
frozenset(X)
{*X}
max(X, default=0)
sum(X)
str(X)
{L for L in X if L}
frozenset({1}) == X
""",
        "sorted(X)",
    ),
    "frozenset": Kind(
        "X = frozenset({1})",
        """
X = X | {V}
X -= {V}
X |= {V}
""",
        """
sorted(X)
1 in X
X == {1}
len(X)
hash(X) == hash(frozenset({1}))
""",
        "sorted(X)",
        variable=True,
    ),
    "deque": Kind(
        "X = collections.deque([1, 2], maxlen=4)",
        """
X.append(V)
X.appendleft(V)
X.pop()
X.popleft()
X.extend([V, V])
X.extendleft([V, V])
X.rotate(1)
X.reverse()
X.clear()
X.remove(1)
X.insert(0, V)
X[0] = V
del X[0]
X += [V]
for L in X:
    B
while X:
    X.popleft()
""",
        SEQUENCE_LOOKS
        + """
X
X[0]
X[-1]
1 in X
X.count(1)
X.index(2)
X.copy()
X == collections.deque([1, 2])
X + collections.deque([3])
X * 2
X.maxlen
sum(X)
max(X)
str(X)
list(reversed(X))
list(itertools.islice(X, 1))
""",
    ),
    "bytearray": Kind(
        "X = bytearray(b'ab')",
        """
X.append(V)
X.extend(b'cd')
X.pop()
X.clear()
X.reverse()
X.insert(0, V)
X[0] = 99
X[0] += 1
X[0:1] = b'xy'
del X[0]
X += b'z'
X *= 2
X.remove(97)
""",
        SEQUENCE_LOOKS
        + """
X
X[0]
X[1:]
b'ab' in X
97 in X
bytes(X)
X.decode()
X.upper()
X.find(b'b')
X.split(b'a')
X.hex()
X == b'ab'
X + b'c'
X.startswith(b'a')
sum(X)
X.copy()
X.count(b'a')
X.endswith(b'b')
X.replace(b'a', b'c')
X.join([b'1', b'2'])
""",
    ),
    "defaultdict": Kind(
        "X = collections.defaultdict(list)",
        """
X[V].append(V)
X[V] = [V]
X[V] += [V]
X.pop(V, None)
X[V]
X.default_factory = None
X.update({V: [V]})
X.clear()
""",
        """
dict(X)
X[V]
X.get(V)
len(X)
V in X
sorted(X)
sorted(X.items())
X == {1: [1]}
list(X.values())
copy.copy(X) == X
X.default_factory is list
""",
        "dict(X)",
    ),
    "OrderedDict": Kind(
        "X = collections.OrderedDict(a=1, b=2)",
        """
X['c'] = V
X.move_to_end('a')
X.move_to_end('b', last=False)
X.popitem(last=False)
X.pop('a', None)
X.update(d=V)
X['a'] += V
del X['a']
X.setdefault('e', V)
X.clear()
X |= {'f': V}
""",
        """
dict(X)
list(X)
list(X.items())
X == {'a': 1, 'b': 2}
X == collections.OrderedDict(b=2, a=1)
next(iter(X), None)
next(reversed(X), None)
X['a']
'a' in X
len(X)
X.copy() == X
""",
        "list(X.items())",
    ),
    "Counter": Kind(
        "X = collections.Counter('aab')",
        """
X['a'] += V
X['c'] += 1
X.update('ab')
X.subtract('a')
X += collections.Counter('b')
X -= collections.Counter('a')
del X['a']
X.clear()
X['b'] = 0
X.pop('a', None)
""",
        """
X['a']
X['z']
X.most_common(1)
X.most_common()
X.total()
sorted(X.elements())
dict(X)
X == collections.Counter('aab')
X + collections.Counter('a')
X - collections.Counter('a')
X & collections.Counter('a')
X | collections.Counter('a')
sum(X.values())
max(X, key=X.get)
'a' in X
X <= collections.Counter('aab')
X
""",
        "sorted(X.items())",
    ),
    "StringIO": Kind(
        "X = io.StringIO('ab')",
        """
X.write(T)
X.seek(0)
X.seek(0, 2)
X.truncate(1)
X.truncate()
X.writelines([T, T])
print(T, file=X)
print(T, T, sep='-', end='', file=X)
X.close()
X.readline()
""",
        """
X.getvalue()
X.read()
X.read(1)
X.readline()
X.tell()
X.closed
list(X)
X.readlines()
""",
        "X.closed or X.getvalue()",
    ),
    "tuple": Kind(
        "X = ([1], 2)",
        """
X[0].append(V)
X[0][0] = V
X[0].clear()
""",
        SEQUENCE_LOOKS
        + """
X
X[0]
X[1:]
X == ([1], 2)
X < ([1], 3)
[1] in X
X.count([1])
X.index([1])
X + (3,)
str(X)
f'{X}'
'%s %s' % X
helper(*X)
[*X]
X[0] + [0]
copy.deepcopy(X)
(lambda L, K: L)(*X)
""",
    ),
    "named tuple": Kind(
        "X = Pair([1])",
        """
X.one.append(V)
X.one[0] = V
X[0].clear()
""",
        """
X
X.one
X[0]
X._replace(two=1)
X._asdict()
X == ([1], 0)
X.one == [1]
str(X)
[*X]
X._fields
len(X)
Pair(X)
X < Pair([2])
""",
    ),
    "NamedTuple": Kind(
        "X = Typed([1])",
        """
X.one.append(V)
X.one.clear()
""",
        """
X
X.one
X._asdict()
X == Typed([1])
f'{X}'
""",
    ),
    "dataclass": Kind(
        "X = Point(1)",
        """
X.x = V
X.y = [V]
X.y.append(V)
X.x += V
del X.x
X.x, X.y = V, [V]
setattr(X, 'x', V)
X.extra = V
""",
        """
X
X.x
X.y
X == Point(1)
X < Point(2)
X != Point(1, [1])
[X]
str(X)
f'{X}'
dataclasses.asdict(X)
dataclasses.astuple(X)
dataclasses.replace(X, x=0)
dataclasses.fields(X)[0].name
dataclasses.is_dataclass(X)
sorted([X, Point(2)])
max(X, Point(0))
Point(X)
X in [Point(1)]
copy.copy(X)
copy.deepcopy(X)
getattr(X, 'x', None)
hasattr(X, 'extra')
operator.attrgetter('x')(X)
""",
    ),
    "exception": Kind(
        "X = Trouble([1])",
        """
X.args = (V,)
X.args[0].append(V)
X.args += (V,)
X.more = V
X.add_note(T)
X.__cause__ = ValueError(V)
X.__suppress_context__ = True
try:
    raise X
except Trouble as L:
    L.more = V
""",
        """
X.args
str(X)
repr(X)
f'{X}'
[X]
getattr(X, 'more', 0)
X.__cause__
X.args[0]
len(X.args)
getattr(X, '__notes__', [])
isinstance(X, Exception)
""",
        "repr(X)",
    ),
    "instance": Kind(
        "X = Box(1)",
        """
X.v = V
X.v += V
X.w = V
del X.v
X.v, X.w = V, V
X.__class__ = Base
X.v = [V]
setattr(X, 'v', V)
delattr(X, 'v')
for X.v in (V, V): pass
with Open(V) as X.v: pass
[L, X.v] = [V, V]
X.v: int = V
X.__init__(V)
object.__setattr__(X, 'v', V)
""",
        """
X.v
X
str(X)
f'{X}'
f'{X.v}'
'{0.v}'.format(X)
[X]
getattr(X, 'v', None)
hasattr(X, 'w')
X.v == 1
type(X).__name__
X.__class__.__name__
isinstance(X, Box)
copy.copy(X)
operator.attrgetter('v')(X)
X == X
""",
        "type(X).__name__",
    ),
    "slots": Kind(
        "X = Slots()",
        """
X.v = V
X.w = V
X.v += V
del X.v
""",
        """
X.v
X.w
hasattr(X, 'w')
getattr(X, 'v', 0)
""",
        "hasattr(X, 'w')",
    ),
    "full instance": Kind(
        "X = Full()",
        """
X[0] = V
X.kept = [V]
X.kept.append(V)
X += [V]
X(V)
del X[0]
with X:
    B
with X as L:
    B
for L in X:
    B
if X:
    B
while X:
    del X[0]
assert X
""",
        """
X
len(X)
bool(X)
not X
X and 1
X or 0
X == [1]
X != [1]
X < [2]
1 in X
X[0]
X[:]
list(X)
[*X]
X()
X(*X, v=1)
X + [1]
[1] + X
str(X)
repr(X)
f'{X}'
f'{X:a}'
f'{X!r}'
format(X, 'b')
X.missing
list(reversed(X))
-X
int(X)
hex(X)
range(5)[X]
'abcdef'[:X]
sorted(X)
sum(X)
max(X)
1 if X else 2
any([X])
[L for L in (1,) if X]
list(filter(None, [X]))
'%s' % (X,)
print(X, end='')
[1] == X
(1 in X) is True
callable(X)
""",
        "X.kept",
    ),
    "descriptor": Kind(
        "X = Described()",
        """
X.field = V
X.field += V
""",
        """
X.field
Described.field
getattr(X, 'field')
""",
        "X.field",
    ),
    "class": Kind(
        "X = Kid",
        """
X.v = V
Base.v = V
Kid.v += V
Base.seen.append(V)
del X.v
X.look = lambda self: V
Base.look = lambda self: V
Base.shown = property(lambda self: V)
X.__bases__ = (Other,)
X.__name__ = 'Named'
setattr(X, 'v', V)
X.__repr__ = lambda self: 'shown'
Base.__len__ = lambda self: V
Base.of_class = classmethod(lambda cls: V)
""",
        """
X.v
X().v
X().look()
X.of_class()
X().of_class()
X.fixed()
X().shown
X.seen
X.__name__
X.__mro__[1].__name__
X.__bases__[0].__name__
issubclass(X, Other)
isinstance(X(), Other)
getattr(X, 'v')
hasattr(X, '__len__')
X.look is Base.look
callable(X().look)
type('New', (X,), {})().v
super(Kid, X()).look()
""",
        "X.v",
    ),
    "instance of a class": Kind(
        "X = Kid()",
        """
Base.v = V
Kid.v = V
X.v = V
X.shown = V
X.look = lambda: V
Base.look = lambda self: V
X.__class__ = Other
Kid.__bases__ = (Other,)
""",
        """
X.v
X.look()
X.shown
X.of_class()
X.fixed()
X.seen
X.__class__.__name__
isinstance(X, Other)
hasattr(X, 'v')
(lambda L: L())(X.look)
""",
        "X.v",
    ),
    "metaclass": Kind(
        "X = Sized",
        """
X.size = V
X.size += V
Meta.__len__ = lambda cls: V
""",
        """
len(X)
X.size
bool(X)
type(X).__name__
""",
        "X.size",
    ),
    "enum": Kind(
        "X = Colour.RED",
        """
X = Colour.BLUE
X = Colour(V)
X = Colour['RED']
""",
        """
X
X.name
X.value
X is Colour.RED
X == Colour.BLUE
list(Colour)
Colour(1)
X in Colour
""",
        variable=True,
    ),
    "list subclass": Kind(
        "X = MyList([1])",
        """
X.append(V)
X.extend([V])
X[0] = V
X += [V]
X.last = V
""",
        """
X
len(X)
getattr(X, 'last', 0)
X == [1]
sum(X)
[*X]
X[0]
""",
    ),
    "dict subclass": Kind(
        "X = MyDict()",
        """
X[V] += V
X[V] = V
X[V]
X.pop(V, 0)
""",
        """
X
X[V]
X.get(V)
len(X)
V in X
""",
    ),
    "function": Kind(
        """
if 1:
    def L(v=1, *, w=2): return (v, w)
    L.count = 0
    X = L
""",
        """
X.count += 1
X.count = V
X.__defaults__ = (V,)
X.__kwdefaults__ = {'w': V}
X.__name__ = 'named'
X.__doc__ = T
X.__code__ = (lambda v=1, *, w=2: V).__code__
del X.count
X.__annotations__['v'] = V
""",
        """
X()
X(3)
X(w=3)
X.count
X.__name__
X.__doc__
X.__defaults__
X.__kwdefaults__
hasattr(X, 'count')
X.__annotations__
list(map(X, [1]))
functools.partial(X, 3)()
""",
        "X()",
    ),
    "closure": Kind(
        "X = counter()",
        """
X()
""",
        """
X()
[X(), X()]
list(map(lambda L: X(), [1]))
""",
        "X()",
    ),
    "partial": Kind(
        "X = functools.partial(helper, [1])",
        """
X.args[0].append(V)
X.v = V
X().append(V)
""",
        """
X()
X.args
X.func is helper
X.keywords
""",
        "X()",
    ),
    "cached": Kind(
        """
if 1:
    @functools.lru_cache(maxsize=None)
    def L(v): return [v]
    X = L
""",
        """
X(V).append(V)
X.cache_clear()
X(V)
""",
        """
X(1)
X.cache_info().hits
X.cache_info().currsize
""",
        "X(1)",
    ),
    "module": Kind(
        "X = math",
        """
X.own = V
X.pi = V
""",
        """
X.pi > 3
hasattr(X, 'own')
X.floor(1.5)
X.__name__
""",
        "hasattr(X, 'own')",
    ),
    "generator": Kind(
        "X = numbers()",
        """
next(X)
next(X, None)
X.send(None)
X.close()
X.throw(ValueError)
for L in X:
    B
""",
        """
next(X, None)
list(X)
sum(X)
2 in X
max(X, default=0)
[L for L in X]
dict(zip('abc', X))
[*X]
str(next(X, 0))
X.gi_running
X.gi_frame is None
""",
        "list(X)",
    ),
    "generator from": Kind(
        "X = outer()",
        """
next(X, None)
X.close()
""",
        """
next(X, None)
list(X)
X.gi_yieldfrom is None
""",
        "list(X)",
    ),
    "generator expression": Kind(
        "X = (L * 2 for L in [1, 2, 3])",
        """
next(X, None)
X.close()
for L in X:
    B
""",
        """
next(X, None)
list(X)
tuple(X)
any(X)
""",
        "list(X)",
    ),
    "list iterator": Kind(
        """
if 1:
    L = [1, 2]
    X = iter(L)
""",
        """
next(X)
next(X, None)
for L in X:
    B
""",
        """
next(X, None)
list(X)
X.__length_hint__()
operator.length_hint(X)
sum(X)
""",
        "list(X)",
    ),
    "reversed": Kind(
        "X = reversed([1, 2, 3])", "next(X, None)", "next(X, None)\nlist(X)", "list(X)"
    ),
    "callable iterator": Kind(
        "X = iter(counter(), 3)", "next(X, None)", "next(X, None)\nlist(X)", "list(X)"
    ),
    "enumerate": Kind(
        "X = enumerate(numbers(), 5)",
        "next(X, None)\nfor L, K in X:\n    B",
        "next(X, None)\nlist(X)\ndict(X)",
        "list(X)",
    ),
    "zip": Kind(
        "X = zip(numbers(), [4, 5, 6], strict=False)",
        "next(X, None)\nfor L, K in X:\n    B",
        "next(X, None)\nlist(X)\ndict(X)",
        "list(X)",
    ),
    "map": Kind(
        "X = map(lambda v: v + 1, [1, 2, 3])",
        "next(X, None)\nfor L in X:\n    B",
        "next(X, None)\nlist(X)\nsum(X)",
        "list(X)",
    ),
    "map of generator": Kind(
        "X = map(str, numbers())", "next(X, None)", "next(X, None)\nlist(X)", "list(X)"
    ),
    "filter": Kind(
        "X = filter(lambda v: v % 2, [1, 2, 3])",
        "next(X, None)",
        "next(X, None)\nlist(X)",
        "list(X)",
    ),
    **{
        f"itertools {name}": Kind(
            f"X = itertools.{text}",
            "next(X, None)\nfor L in X:\n    B",
            "next(X, None)\nlist(X)",
            "list(X)",
            python,
        )
        for name, text, python in [
            ("chain", "chain(numbers(), [7, 8])", (3, 11)),
            ("chain of lists", "chain.from_iterable([[1], [2, 3]])", (3, 11)),
            ("islice", "islice(numbers(), 2)", (3, 11)),
            ("islice of list", "islice([1, 2, 3], 0, 3, 2)", (3, 11)),
            ("tee", "tee(numbers())[0]", (3, 11)),
            ("accumulate", "accumulate(numbers())", (3, 11)),
            ("pairwise", "pairwise(numbers())", (3, 11)),
            ("starmap", "starmap(max, [(1, 2), (3, 4)])", (3, 11)),
            ("takewhile", "takewhile(lambda v: v < 3, numbers())", (3, 11)),
            ("dropwhile", "dropwhile(lambda v: v < 2, numbers())", (3, 11)),
            ("filterfalse", "filterfalse(lambda v: v % 2, numbers())", (3, 11)),
            ("compress", "compress(numbers(), [1, 0, 1])", (3, 11)),
            ("repeat", "repeat(1, 3)", (3, 11)),
            ("product", "product([1, 2], [3])", (3, 11)),
            ("combinations", "combinations([1, 2, 3], 2)", (3, 11)),
            ("combinations with", "combinations_with_replacement([1, 2], 2)", (3, 11)),
            ("permutations", "permutations([1, 2])", (3, 11)),
            ("zip_longest", "zip_longest(numbers(), [4])", (3, 11)),
            ("batched", "batched(numbers(), 2)", (3, 12)),
        ]
    },
    "itertools groupby": Kind(
        "X = itertools.groupby([1, 1, 2])",
        "next(X, None)",
        "[L[0] for L in X]\nnext(X, (0,))[0]",
        "[L[0] for L in X]",
    ),
    "itertools count": Kind(
        "X = itertools.count(1)",
        "next(X)",
        "next(X)\n[next(X), next(X)]\nlist(zip('ab', X))",
        "next(X)",
    ),
    "itertools cycle": Kind(
        "X = itertools.cycle([1, 2])", "next(X)", "next(X)\n[next(X), next(X)]", "next(X)"
    ),
    "cycle of generator": Kind(
        "X = itertools.cycle(numbers())", "next(X)", "next(X)\n[next(X), next(X)]", "next(X)"
    ),
    "bytearray cut": Kind(
        "X = bytearray(b'abc')",
        "X.resize(1)\nX.resize(4)\nX.append(V)",
        "X\nlen(X)\nbytes(X)",
        python=(3, 14),
    ),
    "bytearray taken": Kind(
        "X = bytearray(b'abc')",
        "X.take_bytes(1)\nX.take_bytes()\nX.append(V)",
        "X\nX.take_bytes()\nlen(X)",
        python=(3, 15),
    ),
    "frozendict": Kind(
        "X = frozendict({1: [2]})",
        "X = X | {V: [V]}\nX |= {V: [V]}\nX[1].append(V)",
        "X\nX[1]\nX.get(V)\nlist(X.items())\nX == {1: [2]}",
        python=(3, 15),
        variable=True,
    ),
    "serialized iterator": Kind(
        "X = threading.serialize_iterator(numbers())",
        "next(X, None)",
        "next(X, None)\nlist(X)",
        "list(X)",
        (3, 15),
    ),
    "synchronized iterator": Kind(
        "X = threading.synchronized_iterator(numbers)()",
        "next(X, None)",
        "next(X, None)\nlist(X)",
        "list(X)",
        (3, 15),
    ),
    "concurrent tee": Kind(
        "X = threading.concurrent_tee(numbers())[0]",
        "next(X, None)",
        "next(X, None)\nlist(X)",
        "list(X)",
        (3, 15),
    ),
    "lock": Kind(
        "X = threading.Lock()",
        """
with X:
    B
with X:
    B
    C
if 1:
    X.acquire()
    B
    X.release()
if X.acquire(blocking=False):
    B
    X.release()
if X.acquire(timeout=0.01):
    B
    X.release()
else:
    C
if 1:
    X.acquire()
    try:
        B
    finally:
        X.release()
X.release()
with X, Open(V) as L:
    B
""",
        "X.locked()\nX.acquire(False)",
        "X.locked()",
    ),
    "RLock": Kind(
        "X = threading.RLock()",
        """
with X:
    with X:
        B
with X:
    B
if X.acquire(blocking=False):
    B
    X.release()
X.release()
""",
        "X.acquire(blocking=False)",
        "",
    ),
    "condition": Kind(
        "X = threading.Condition()",
        """
with X:
    B
    X.notify()
with X:
    X.notify_all()
with X:
    X.wait(timeout=0.01)
    B
with X:
    X.wait_for(lambda: E, timeout=0.01)
    B
with X:
    X.wait()
X.notify()
with X:
    X.notify(2)
""",
        "X.acquire(False)\nX.wait_for(lambda: V, timeout=0.01)",
        "",
    ),
    "semaphore": Kind(
        "X = threading.Semaphore(1)",
        """
with X:
    B
X.acquire()
X.release()
X.release(2)
if X.acquire(blocking=False):
    B
if X.acquire(timeout=0.01):
    B
""",
        "X.acquire(False)",
        "X.acquire(blocking=False)",
    ),
    "bounded semaphore": Kind(
        "X = threading.BoundedSemaphore(1)",
        """
with X:
    B
X.release()
X.acquire(timeout=0.01)
""",
        "X.acquire(False)",
        "X.acquire(blocking=False)",
    ),
    "event": Kind(
        "X = threading.Event()",
        """
X.set()
X.clear()
X.wait(timeout=0.01)
if X.wait(0.01):
    B
if X.is_set():
    B
while not X.is_set():
    X.set()
if 1:
    B
    X.set()
if 1:
    X.set()
    X.wait()
    B
""",
        "X.is_set()\nX.wait(timeout=0.01)\nnot X.is_set()",
        "X.is_set()",
    ),
    "barrier": Kind(
        "X = threading.Barrier(2)",
        """
X.wait(timeout=0.01)
X.wait()
X.abort()
X.reset()
try:
    X.wait(timeout=0.01)
except threading.BrokenBarrierError:
    B
""",
        "X.n_waiting\nX.broken\nX.parties\nX.wait(timeout=0.01)",
        "X.broken",
    ),
    **{
        name: Kind(
            f"X = queue.{text}",
            """
X.put(V)
X.put((V, 0)[0])
X.get(timeout=0.01)
X.get()
X.put_nowait(V)
X.get_nowait()
X.put(V, block=False)
X.put(V, timeout=0.01)
X.task_done()
if 1:
    X.put(V)
    X.join()
if not X.empty():
    B
try:
    X.get(block=False)
except queue.Empty:
    B
""",
            "X.qsize()\nX.empty()\nX.full()\nX.get(timeout=0.01)\nX.maxsize\nlist(X.queue)\nX.unfinished_tasks",
            "X.qsize()",
        )
        for name, text in [
            ("queue", "Queue()"),
            ("bounded queue", "Queue(maxsize=1)"),
            ("LIFO queue", "LifoQueue()"),
            ("priority queue", "PriorityQueue()"),
        ]
    },
    "queue shut down": Kind(
        "X = queue.Queue()",
        "X.shutdown()\nX.put(V)\nX.get(timeout=0.01)\nX.shutdown(immediate=True)",
        "X.is_shutdown\nX.qsize()",
        "X.qsize()",
        (3, 13),
    ),
    "simple queue": Kind(
        "X = queue.SimpleQueue()",
        "X.put(V)\nX.get(timeout=0.01)\nX.get()\nX.get_nowait()\nX.put_nowait(V)",
        "X.qsize()\nX.empty()\nX.get(timeout=0.01)",
        "X.qsize()",
    ),
    "future": Kind(
        "X = concurrent.futures.Future()",
        """
X.set_result(V)
X.set_exception(Trouble(V))
X.cancel()
X.set_running_or_notify_cancel()
X.add_done_callback(lambda L: print('done', end=''))
X.result(timeout=0.01)
X.result()
concurrent.futures.wait([X], timeout=0.01)
""",
        """
X.done()
X.running()
X.cancelled()
X.result(timeout=0.01)
X.exception(timeout=0.01)
X.cancel()
len(concurrent.futures.wait([X], timeout=0.01).done)
len(concurrent.futures.wait([X], 0.01, concurrent.futures.FIRST_COMPLETED).not_done)
""",
        "X.done()",
    ),
    "pool": Kind(
        "X = concurrent.futures.ThreadPoolExecutor(2)",
        """
X.submit(print, T, end='')
X.submit(helper, V).result()
X.submit(lambda: E)
if 1:
    L = X.submit(lambda: E)
    print(L.result(), end='')
for L in X.map(lambda K: V, range(2)):
    B
X.shutdown()
X.shutdown(wait=False)
X.shutdown(cancel_futures=True)
if 1:
    L = X.submit(helper, V)
    for K in concurrent.futures.as_completed([L]):
        B
""",
        "X.submit(helper, V).done()\nX.submit(lambda: E).result()\nlist(X.map(helper, [V]))",
        "X.submit(helper, 1).result()",
    ),
    "thread local": Kind(
        "if 1:\n    X = threading.local()\n    X.v = 0",
        "X.v = V\nX.v = getattr(X, 'v', 0) + V\nX.v = [V]\ndel X.v",
        "getattr(X, 'v', None)\nhasattr(X, 'v')\nX.v",
        "X.v",
    ),
    "context variable": Kind(
        "X = contextvars.ContextVar('it', default=[1])",
        """
X.set([V])
X.get().append(V)
if 1:
    L = X.set([V])
    X.reset(L)
contextvars.copy_context().run(X.set, [V])
contextvars.copy_context().run(X.get).append(V)
""",
        "X.get()\nX.get(None)\ncontextvars.copy_context().run(X.get)\nX.name",
        "X.get()",
    ),
    "thread": Kind(
        "X = threading.Thread(target=helper, args=(1,))",
        """
X.start()
X.join()
X.name = T
X.daemon = True
X.join(timeout=0.01)
if 1:
    X.start()
    X.join()
if X.is_alive():
    B
""",
        """
X.is_alive()
X.name
X.daemon
X.ident is None
threading.active_count()
len(threading.enumerate())
threading.current_thread().name
threading.main_thread().is_alive()
threading.current_thread() is threading.main_thread()
X in threading.enumerate()
""",
        "X.is_alive()",
    ),
    "thread subclass": Kind(
        "X = Worker(1)",
        "X.start()\nX.run()\nX.v = V\nif 1:\n    X.start()\n    X.join()",
        "X.v\nX.is_alive()\nX.name",
        "X.v",
    ),
    "timer": Kind(
        "X = threading.Timer(0.01, print, ['rung'])",
        "X.start()\nX.cancel()\nif 1:\n    X.start()\n    X.join()",
        "X.is_alive()\nX.finished.is_set()",
        "X.is_alive()",
    ),
    "memoryview": Kind(
        "X = memoryview(bytearray(b'abc'))",
        "X[0] = 99\nX[0:2] = b'xy'",
        "X[0]\nbytes(X)\nX.tolist()\nlen(X)\nX == b'abc'",
        "bytes(X)",
    ),
    "cached property": Kind(
        "X = Cached()",
        "X.v = V\nX.it\ndel X.it\nX.it = V",
        "X.it\nhasattr(X, 'it')\nX.v",
        "X.it",
    ),
    "hook of threads": Kind(
        "X = Box(0)",
        """
threading.excepthook = lambda L: print(L.exc_type.__name__, end='')
raise Trouble(V)
X.v = V
""",
        "X.v",
        "X.v",
    ),
    "property of class": Kind(
        "X = Other()",
        "X.shown = V\nOther.shown = property(lambda self: V)\nX.shown += 1",
        "X.shown\nX.v\n(X.shown, X.v)",
        "X.shown",
    ),
}
