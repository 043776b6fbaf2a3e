"""The forms that statements and expressions of random programs have, with holes as in ``kinds``."""

__all__ = ["EXPRESSIONS", "NUMBERS", "STATEMENTS"]

# expressions around another one, by the first version that has them
EXPRESSIONS = {
    (3, 11): """
(E,)
[E]
(0, E)
{0: E}
{0: E}[0]
{str(E)}
[E, F][0]
(E, F)[1:]
[0, *[E]]
(*[E], F)
{**{0: E}}
f'{E}'
f'{E!r}'
f'{E!s:>4}'
f'{E!a}'
f'{N:{V + 3}}'
str(E)
repr(E)
ascii(E)
format(E)
'%s' % (E,)
'%r %s' % (E, F)
'{}'.format(E)
'{0!r} {v}'.format(E, v=F)
E if F else None
'yes' if E else 'no'
not E
E == F
E != F
E is None
E is not None
E and F
E or F
E and 1 or 0
E == F == E
[] or E
() == E
{} or E
(lambda: E)()
(lambda L: L)(E)
(lambda L=E: L)()
(lambda *L, **K: (L, K))(E, key=F)
(lambda L, /, K, *, M=V: (L, K, M))(E, K=F)
[L for L in [E]]
[E for L in range(2)]
[(lambda: L)() for L in [E]]
[K() for K in [lambda: L for L in range(2)]]
{L: E for L in (0,)}
{str(E) for L in (0,)}
sorted({str(L) for L in [E, F]})
list(E for L in (0, 1))
tuple(L for L in (E,) if L)
[L for L in (E, F) if L == E if 1]
[[K for K in [L]] for L in [E]]
(L := E)
[L := E, L][1]
max([E], key=str)
min((E, F), key=lambda L: str(L))
sorted([E, F], key=str)
sum(1 for L in (E,) if L)
isinstance(E, list)
isinstance(E, (int, str))
isinstance(E, int | str)
type(E).__name__
E.__class__.__name__
dict(a=E)
dict([(1, E)])
list(map(lambda L: L, [E]))
list(map(str, [E, F]))
next(iter([E]))
[E][-1]
[E, F][::-1]
str(E)[:2]
str(E)[0:9:2]
copy.copy(E)
copy.deepcopy(E)
json.dumps(str(E))
helper(E)
helper(*[E])
helper(**{'v': E})
helper(E, *[F], named=F, **{'other': F})
Box(E)
Box(E).v
Grid(E) @ Grid(F)
Grid(E)[1:2, ::3, ...]
getattr(Box(E), 'v')
operator.itemgetter(0)([E])
bool(E)
any([E])
all((E, F))
next((L for L in [E]))
Point(E)
Pair(E, F)
Typed(E)
Trouble(E)
(Trouble(E).args, F)
str(Trouble(E))
print(E, end='')
print(E, F, sep='-', end='')
list(zip([E], [F]))
list(enumerate([E]))
list(reversed([E, F]))
E in [F]
E not in (F,)
list(filter(None, [E]))
collections.deque([E])
dict.fromkeys([0], E)
tuple([E])
list((E,))
len([E])
functools.reduce(lambda L, K: (L, K), [E, F])
functools.partial(helper, E)()
list(itertools.chain([E], [F]))
contextvars.copy_context().run(helper, E)
io.StringIO(str(E)).read()
threading.current_thread().name
sorted([E, F], key=functools.cmp_to_key(lambda L, K: 0))
functools.cache(helper)(str(E))
contextvars.Context().run(helper, E)
oct(N)
''.join(str(L) for L in [E, F])
[*dict(a=E).items()]
threading.get_ident() == threading.main_thread().ident
""",
    (3, 14): """
len([t'{E}'])
t'{E!r:>3}'.interpolations[0].conversion
t'{E}'.values
""",
    (3, 15): """
[*L for L in [[E], [F]]]
{**L for L in [{0: E}]}
list(*L for L in [[E]])
""",
}

# expressions of numbers
NUMBERS = """
len(str(E))
V
N + N
N - N
N * N
N // 2
N % 3
N ** 2
N << 1
N >> 1
N & 3
N | 4
N ^ 1
-N
~N
+N
int(N)
abs(N)
round(N / 2)
sum([N, N])
max(N, N)
min([N, N])
(1 if E else 0)
len([E, F])
divmod(N, 3)[0]
0 < N < 9
N >= N
N <= N > 0
"""

# statements around expressions and other statements, by the first version that has them
STATEMENTS = {
    (3, 11): """
print(E, end='')
print(E)
print(E, F, sep=',')
print(f'{E}', end=' ')
sys.stdout.write(str(E))
E
if E:
    B
if E:
    B
else:
    C
if E:
    B
elif F:
    C
else:
    pass
while E:
    B
    break
while N > 99:
    B
else:
    C
for L in [E]:
    B
for L in (1, 2):
    if L == 1:
        continue
    B
for L in [E, F]:
    B
    break
else:
    C
for (L, K) in [(E, F)]:
    B
with Open(E) as L:
    B
with Open(E):
    raise ValueError
with contextlib.suppress(Exception):
    B
with managed(E) as L:
    print(L, end='')
with (Open(E) as L, Open(F) as (K)):
    B
try:
    B
except Exception as L:
    print(type(L).__name__, end='')
try:
    B
except (ValueError, IndexError, KeyError):
    C
except Exception:
    pass
else:
    C
try:
    B
finally:
    C
try:
    raise Trouble(E)
except Trouble as L:
    print(L.args, end='')
try:
    raise Trouble(E) from None
except:
    B
try:
    raise Trouble(E) from ValueError(F)
except Trouble as L:
    print(repr(L.__cause__), end='')
try:
    raise ExceptionGroup('group', [Trouble(E)])
except* Trouble as L:
    print(L.exceptions[0].args, end='')
try:
    B
except* ValueError:
    pass
try:
    raise ExceptionGroup('group', [Trouble(E), ValueError(F)])
except* ValueError:
    pass
except* Trouble:
    B
try:
    B
except* ValueError as L:
    pass
else:
    C
finally:
    C
try:
    raise Trouble(E)
except Trouble:
    try:
        raise
    except Trouble as L:
        print(L.args, end='')
try:
    assert E, F
except AssertionError as L:
    print(L, end='')
assert N >= 0
match E:
    case None | True:
        B
    case 0:
        C
    case str() | int():
        C
    case [L, *K]:
        print(L, end='')
    case _:
        pass
match E:
    case {0: L, **K}:
        print(L, K, end='')
    case Point(x=L) if F:
        B
    case Box(v=L):
        C
    case (L, K) | [K, L]:
        print(L, K, end='')
    case Colour.RED | 'a' as L:
        C
    case -1 | [*_]:
        pass
match E:
    case [] | {}:
        B
    case {0: L}:
        print(L, end='')
    case Box():
        C
if 1:
    L = E
    print(L, end='')
if 1:
    L, *K = E, F
    print(L, K, end='')
if 1:
    L = K = E
    print(L == K, end='')
if 1:
    [L, (K, M)] = [E, (F, V)]
    print(M, K, end='')
if 1:
    L: list = [E]
    L += [F]
    print(L, end='')
if 1:
    L = Box(E)
    L.v = F
    L.w: int = V
    print(L, end='')
if 1:
    L = {}
    L[0] = E
    del L[0]
    print(L, end='')
if 1:
    L = N
    L += N
    L -= 1
    L *= 2
    L //= 2
    print(L, end='')
if 1:
    def K(v, w=E, /, *more, x=F, **rest): return (v, w, x)
    print(K(1), end='')
if 1:
    def K() -> None:
        B
    K()
if 1:
    def K(L: int): return L
    print(K(V), end='')
if 1:
    def K():
        yield E
        yield F
    print(list(K()), end='')
if 1:
    def K():
        L = yield E
        print(L, end='')
    M = K()
    next(M)
    next(M, None)
if 1:
    def K():
        yield from [E]
        return F
    print([*K()], end='')
if 1:
    def K():
        yield
        B
    for L in K():
        pass
if 1:
    def K(): return
    print(K(), end='')
if 1:
    L = 0
    def K():
        nonlocal L
        L = E
    K()
    print(L, end='')
if 1:
    class K:
        v = E
        w: int = F
        def it(self): return self.v
    print(K().it(), end='')
if 1:
    @dataclasses.dataclass
    class K:
        v: object = None
        def __post_init__(self):
            self.v = (self.v, E)
    print(K(F).v, end='')
if 1:
    class K(Box, metaclass=type):
        pass
    print(K(E), end='')
if 1:
    @functools.wraps(helper)
    def K(*L): return helper(*L)
    print(K(E), K.__name__, end='')
if 1:
    import os.path, math as L
    from operator import add as K
    print(K(N, N), end='')
if 1:
    L = [K for K in [E]]
    for L[0] in [F]:
        pass
    print(L, end='')
if 1:
    L = lambda: E
    print(L(), end='')
if 1:
    class K:
        @functools.cached_property
        def it(self): return E
    L = K()
    print(L.it, L.it, end='')
if 1:
    @functools.singledispatch
    def K(L): return E
    @K.register
    def _(L: int): return F
    print(K(E), end='')
if 1:
    @functools.total_ordering
    class K(Box):
        def __lt__(self, other): return str(self.v) < str(other.v)
    print(K(E) >= K(F), end='')
with contextlib.ExitStack() as L:
    L.callback(print, E, end='')
    B
with contextlib.nullcontext(E) as L:
    print(L, end='')
with contextlib.closing(io.StringIO(str(E))) as L:
    print(L.read(), end='')
if 1:
    K = {'v': E}
    K['v'], K['w'] = F, E
    print(K, end='')
if 1:
    K = [E for L in range(2)]
    K[0] = F
    print(K, end='')
time.sleep(0.01)
return E
del [E][0]
pass
""",
    (3, 12): """
if 1:
    type K = list[int]
    print(K.__name__, E, end='')
if 1:
    type K[L, *M, **P] = E
    print(K.__name__, end='')
if 1:
    def K[L: int, *M, **P](v: L): return v
    print(K(E), end='')
if 1:
    class K[L](Box): pass
    print(K(E), end='')
""",
    (3, 13): """
if 1:
    type K[L = int, *M = E, **P = int] = L
    print(K.__name__, end='')
""",
}
