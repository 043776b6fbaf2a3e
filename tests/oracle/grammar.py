"""Random programs with threads, small enough to be explored at once: ``program(seed)``."""

import ast
import copy
import functools
import random
import sys
import textwrap
import warnings
from dataclasses import dataclass

from forms import EXPRESSIONS, NUMBERS, STATEMENTS
from kinds import HELPERS, KINDS

__all__ = ["SMALL", "Plan", "program"]

HOLES = {"X", "V", "T", "E", "F", "N", "B", "C"}
FRESH = {"K", "L", "M", "P"}
MODULES = {
    "bisect", "collections", "concurrent", "contextlib", "contextvars", "copy", "dataclasses",
    "enum", "functools", "heapq", "io", "itertools", "json", "math", "operator", "queue",
    "statistics", "sys", "threading", "time", "typing",
}  # fmt: skip
FUNCTIONS = ("first", "second", "third")


@dataclass(frozen=True)
class Home:
    """How the threads reach an object that is ``x`` where it is made.

    Args:
        setup: what makes the way
        read: reaches the object
        target: what is stored to where ``X`` is bound; nothing where it cannot be
        parameter: whether the threads' functions get it as ``it``: by default, or as an argument
    """

    setup: str = ""
    read: str = "x"
    target: str = ""
    parameter: str = ""


VARIABLE = Home(target="x")
HOMES = [
    VARIABLE,
    Home("class Home: pass\nhome = Home()\nhome.it = x", "home.it", "home.it"),
    Home("class Home:\n    it = x", "Home.it", "Home.it"),
    Home("class Home:\n    it = x\nclass Below(Home): pass", "Below.it", "Home.it"),
    Home("class Home:\n    it = x\nclass Below(Home): pass\nhome = Below()", "home.it", "Home.it"),
    Home("home = [x]", "home[0]", "home[0]"),
    Home("home = {0: x}", "home[0]", "home[0]"),
    Home("home = ([x], 0)", "home[0][0]", "home[0][0]"),
    Home("def reach(): return x", "reach()", "x"),
    Home("reach = lambda: x", "reach()", "x"),
    Home("def reach(): pass\nreach.it = x", "reach.it", "reach.it"),
    Home("home = contextvars.ContextVar('home', default=x)", "home.get()"),
    Home("class Home:\n    @property\n    def it(self): return x\nhome = Home()", "home.it"),
    Home("class Home:\n    def __call__(self): return x\nhome = Home()", "home()"),
    Home("class Home:\n    def __getitem__(self, key): return x\nhome = Home()", "home[0]"),
    Home("class Home:\n    def __getattr__(self, name): return x\nhome = Home()", "home.it"),
    Home("reach = functools.partial(helper, x)", "reach()"),
    Home("home = Box(x)", "home.v", "home.v"),
    Home("home = Pair(x)", "home.one"),
    Home("home = Point(x)", "home.x", "home.x"),
    Home("home = Trouble(x)", "home.args[0]"),
    Home("home = collections.deque([x])", "home[0]", "home[0]"),
    Home(read="it", parameter="default"),
    Home(read="it", parameter="argument"),
]

STARTS = {
    "threads": """
        threads = [threading.Thread(target=FIRST), threading.Thread(target=SECOND)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    """,
    "beside": """
        thread = threading.Thread(target=FIRST)
        thread.start()
        SECOND()
        thread.join()
    """,
    "pool": """
        with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
            futures = [pool.submit(FIRST), pool.submit(SECOND)]
        print([future.result() for future in futures], end='')
    """,
    "map": """
        with concurrent.futures.ThreadPoolExecutor() as pool:
            print(list(pool.map(lambda one: one(), [FIRST, SECOND])), end='')
    """,
    "subclass": """
        class Runner(threading.Thread):
            def __init__(self, job):
                super().__init__(name=job.__name__)
                self.job = job
            def run(self):
                self.job()
        runners = [Runner(FIRST), Runner(SECOND)]
        for runner in runners: runner.start()
        for runner in runners: runner.join()
    """,
    "loop variable": """
        threads = []
        for job in (FIRST, SECOND):
            threads.append(threading.Thread(target=lambda: job()))
            threads[-1].start()
        for thread in threads:
            thread.join()
    """,
    "comprehension": """
        threads = [threading.Thread(target=lambda: job()) for job in (FIRST, SECOND)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
    """,
    "left": """
        for job in (FIRST, SECOND):
            threading.Thread(target=job).start()
    """,
    "daemon": """
        thread = threading.Thread(target=FIRST, daemon=True)
        thread.start()
        SECOND()
        thread.join(timeout=0.01)
    """,
    "three": """
        threads = [threading.Thread(target=job, name='one') for job in (FIRST, SECOND, THIRD)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    """,
}


@dataclass(frozen=True)
class Plan:
    """How large programs may be.

    Args:
        accesses: how often a thread's own text looks at or changes a shared object, at the most
        depth: how deep forms stand in forms
        starts: the ways in which the threads may be started, of ``STARTS``
        kinds: the kinds of objects, of ``KINDS``
    """

    accesses: int = 3
    depth: int = 2
    starts: tuple[str, ...] = (*STARTS, *["threads", "beside"] * 4)
    kinds: tuple[str, ...] = tuple(
        name for name, kind in KINDS.items() if sys.version_info >= kind.python
    )


SMALL = Plan(accesses=2, depth=1, starts=("beside",))


class UnfitError(Exception):
    """What was chosen does not fit together."""


@functools.cache
def expressions_of(text):
    """Return each line of a text as an expression."""
    return [ast.parse(line, mode="eval").body for line in text.split("\n") if line.strip()]


@functools.cache
def statements_of(text):
    """Return each statement of a text."""
    return ast.parse(textwrap.dedent(text)).body


def available(forms):
    """Return what this Python has of forms by version."""
    return "\n".join(text for version, text in forms.items() if sys.version_info >= version)


class Fill(ast.NodeTransformer):
    """Fills the holes of one form."""

    def __init__(self, writer, depth, one=None):
        self.writer, self.depth, self.one = writer, depth, one
        self.names = {}

    def fresh(self, hole):
        if hole not in self.names:
            self.names[hole] = self.writer.fresh()
        return self.names[hole]

    def named(self, name):
        """Return what stands for a name that is no expression, such as a function's."""
        if name in FRESH:
            return self.fresh(name)
        if name == "X":
            if not (self.one and self.one.target.isidentifier()):
                raise UnfitError
            return self.one.target
        return name

    def visit(self, node):
        node = super().visit(node)
        for field, value in ast.iter_fields(node) if isinstance(node, ast.AST) else ():
            if isinstance(value, str) and not isinstance(node, ast.Constant | ast.Name):
                setattr(node, field, self.named(value))
            elif isinstance(node, ast.Global | ast.Nonlocal):
                setattr(node, field, [self.named(name) for name in value])
        return node

    def visit_Name(self, node):  # noqa: PLR0911 - a hole is a case
        writer, random = self.writer, self.writer.random
        match node.id:
            case "X":
                text = self.one.read if isinstance(node.ctx, ast.Load) else self.one.target
                if not text:
                    raise UnfitError
                found = copy.deepcopy(expressions_of(text)[0])
                found.ctx = node.ctx
                return found
            case "V":
                return ast.Constant(random.choice([1, 2, 3]))
            case "T":
                return ast.Constant(random.choice(["a", "b", "cd"]))
            case "E":
                return writer.expression(self.depth - 1)
            case "F":
                return writer.expression(0)
            case "N":
                return writer.number(self.depth - 1)
            case name if name in FRESH:
                node.id = self.fresh(name)
        return node

    def visit_Expr(self, node):
        if isinstance(node.value, ast.Name) and node.value.id in {"B", "C"}:
            return self.writer.statement(self.depth - 1)
        return self.generic_visit(node)

    def visit_If(self, node):
        self.generic_visit(node)
        if isinstance(node.test, ast.Constant) and node.test.value == 1 and not node.orelse:
            return node.body  # it only held several statements together
        return node


@dataclass(frozen=True)
class Shared:
    """A shared object of one program."""

    kind: object
    variable: str
    read: str
    target: str
    parameter: str


class Writer:
    """Writes one program."""

    def __init__(self, seed, plan):
        self.random = random.Random(seed)
        self.plan = plan
        self.names = 0
        self.left = 0
        self.shared = []
        self.setup = []

    def fresh(self):
        self.names += 1
        return f"v{self.names}"

    def filled(self, form, depth, one=None):
        """Return a form with its holes filled."""
        return Fill(self, depth, one).visit(copy.deepcopy(form))

    # -- what threads share --------------------------------------------------------------------

    def share(self, number):
        """Choose an object, and how it is reached."""
        kinds = self.plan.kinds
        kind = KINDS[self.random.choices(kinds, [rarity(KINDS[name]) for name in kinds])[0]]
        home = VARIABLE
        if not kind.variable and self.random.random() < 0.5:
            home = self.random.choice(HOMES)

        def own(text):
            for name in ("x", "it", "home", "Home", "Below", "reach"):
                text = replaced(text, name, f"{name}{number}")
            return text

        one = Shared(
            kind, f"x{number}", own(home.read), own(home.target),
            f"{home.parameter} {own('it')}" if home.parameter else "",
        )  # fmt: skip
        as_variable = Shared(kind, one.variable, one.variable, one.variable, "")
        for statement in statements_of(kind.setup):
            self.setup += as_list(self.filled(statement, 0, as_variable))
        if home.setup:
            self.setup += statements_of(own(home.setup))
        self.shared.append(one)

    # -- expressions and statements ------------------------------------------------------------

    def leaf(self):
        """Return an expression that looks at a shared object, or a constant."""
        if self.left and self.random.random() < 0.85:
            self.left -= 1
            one = self.random.choice(self.shared)
            look = self.random.choice(expressions_of(one.kind.looks))
            return self.filled(look, 0, one)
        return ast.Constant(self.random.choice([0, 1, "a", None, True, 2.5]))

    def expression(self, depth):
        if depth <= 0 or self.random.random() < 0.35:
            return self.leaf()
        return self.filled(self.random.choice(expressions_of(available(EXPRESSIONS))), depth)

    def number(self, depth):
        if depth <= 0:
            return self.filled(expressions_of("len(str(E))")[0], 0)
        return self.filled(self.random.choice(expressions_of(NUMBERS)), depth)

    def statement(self, depth):
        """Return one or two statements; one of them may change a shared object."""
        changes = self.left and (depth <= 0 or self.random.random() < 0.5)
        if changes:
            self.left -= 1
            one = self.random.choice(self.shared)
            form = self.random.choice(statements_of(one.kind.changes))
            return as_list(self.filled(form, depth, one))
        if depth <= 0:
            return [self.filled(statements_of("print(E, end='')")[0], 1)]
        form = self.random.choice(statements_of(available(STATEMENTS)))
        return as_list(self.filled(form, depth))

    def function(self, name):
        """Return the function that one thread runs."""
        self.left = self.random.randint(1, self.plan.accesses)
        body = []
        while self.left > 0 or not body:
            body += self.statement(self.plan.depth)
        parameters, defaults = [], []
        for one in self.shared:
            if one.parameter:
                parameters.append(one.parameter.split()[1])
                defaults.append(one.variable)
        arguments = ast.arguments(
            [], [ast.arg(name) for name in parameters], None, [], [], None,
            [ast.Name(name, ast.Load()) for name in defaults],
        )  # fmt: skip
        return located(ast.FunctionDef(name, arguments, body, [], type_params=[]))

    # -- the program ---------------------------------------------------------------------------

    def program(self):
        """Return the program's text."""
        for number in range(1 if self.random.random() < 0.7 else 2):
            self.share(number)
        start = STARTS[self.random.choice(self.plan.starts)]
        count = 3 if "THIRD" in start else 2
        functions = [self.function(name) for name in FUNCTIONS[:count]]
        for name in FUNCTIONS[:count]:
            start = start.replace(name.upper(), name)
        body = [*self.setup, *functions, *statements_of(start)]
        for one in self.shared:
            if one.kind.shown:
                self.left = 0
                shown = self.filled(expressions_of(one.kind.shown)[0], 0, one_in_main(one))
                body.append(self.filled(statements_of("print(PLACE)")[0], 0))
                body[-1].value.args = [shown]
        shared = {one.variable for one in self.shared}
        closed = self.random.random() < 0.2
        for function in functions:
            declare(function, shared, ast.Nonlocal if closed else ast.Global)
        body = copy.deepcopy(body)
        if closed:
            main = statements_of("def main(): pass\nmain()")
            main = copy.deepcopy(main)
            main[0].body = body
            body = main
        tree = ast.Module([*helpers(body), *body], [])
        tree = self.with_imports(ast.fix_missing_locations(tree))
        return ast.unparse(ast.fix_missing_locations(tree)) + "\n"

    def with_imports(self, tree):
        """Return a program with the imports that it needs, in one of the ways to write them."""
        used = {
            node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in MODULES
        }
        imports = []
        for name in sorted(used):
            module = "concurrent.futures" if name == "concurrent" else name
            way = self.random.choice(["import", "import", "import", "as", "from", "star"])
            if way == "import" or name in {"sys", "time", "math"}:
                imports.append(ast.Import([ast.alias(module)]))
            elif way == "as":
                imports.append(ast.Import([ast.alias(module, f"the_{name}")]))
                tree = Renamed(module, f"the_{name}").visit(tree)
            else:
                renamed = Renamed(module)
                tree = renamed.visit(tree)
                if not renamed.names or renamed.whole:
                    raise UnfitError
                names = sorted(renamed.names) if way == "from" else ["*"]
                imports.append(ast.ImportFrom(module, [ast.alias(one) for one in names], 0))
        tree.body[:0] = imports
        return tree


class Renamed(ast.NodeTransformer):
    """Replaces what a module's names are reached by."""

    def __init__(self, module, instead=None):
        self.module, self.instead = module, instead
        self.names = set()
        self.whole = False

    def visit_Attribute(self, node):
        if dotted(node.value) == self.module:
            if self.instead:
                node.value = ast.Name(self.instead, ast.Load())
                return node
            self.names.add(node.attr)
            return ast.Name(node.attr, node.ctx)
        if dotted(node) == self.module:
            return ast.Name(self.instead, ast.Load()) if self.instead else self.found(node)
        return self.generic_visit(node)

    def visit_Name(self, node):
        if node.id == self.module:
            return ast.Name(self.instead, ast.Load()) if self.instead else self.found(node)
        return node

    def found(self, node):
        self.whole = True
        return node


def dotted(node):
    """Return the text of a name with dots, and nothing for another expression."""
    if isinstance(node, ast.Attribute):
        above = dotted(node.value)
        return f"{above}.{node.attr}" if above else ""
    return node.id if isinstance(node, ast.Name) else ""


def one_in_main(one):
    """Return an object as the main thread reaches it, which no parameter has."""
    if one.parameter:
        return Shared(one.kind, one.variable, one.variable, one.variable, "")
    return one


def replaced(text, name, new):
    """Return a text of Python in which a name, or an attribute of it, is another."""
    if not text:
        return text
    tree = ast.parse(text)
    for node in ast.walk(tree):
        for field, value in ast.iter_fields(node):
            if value == name and field in ({"attr", "id"} if name == "it" else {"id", "name"}):
                setattr(node, field, new)
    return ast.unparse(tree)


def as_list(found):
    return found if isinstance(found, list) else [found]


def rarity(kind):
    """Return how often to choose a kind: iterators are many, and much like each other."""
    return 0.25 if kind.shown == "list(X)" else 1


def located(node):
    return ast.fix_missing_locations(node)


def helpers(body):
    """Return the helpers that statements use, and those that these use."""
    found = []

    def add(statements):
        for statement in statements:
            for node in ast.walk(statement):
                name = node.id if isinstance(node, ast.Name) else None
                if name in HELPERS and name not in found:
                    found.append(name)
                    add(statements_of(HELPERS[name]))

    add(body)
    ordered = [name for name in HELPERS if name in found]
    return [copy.deepcopy(one) for name in ordered for one in statements_of(HELPERS[name])]


SCOPES = (ast.FunctionDef, ast.ClassDef, ast.Lambda)


def within(node):
    """Yield what is within a node, but not within another scope there."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, SCOPES):
            yield from within(child)


def bound(node):
    """Return the names that a node binds itself."""
    if isinstance(node, ast.Name):
        return set() if isinstance(node.ctx, ast.Load) else {node.id}
    return {getattr(node, field, None) for field in ("name", "asname", "rest")}


def declare(function, shared, declaration):
    """Declare the shared variables that a function binds, and the functions within it."""
    names = set()
    for node in within(function):
        names |= bound(node) & shared
        if isinstance(node, ast.FunctionDef):
            declare(node, shared, declaration)
        elif isinstance(node, SCOPES) and any(bound(part) & shared for part in ast.walk(node)):
            raise UnfitError
    if names:
        function.body.insert(0, located(declaration(sorted(names))))


def program(seed, plan=None):
    """Return the random program of a seed, which this Python can compile."""
    attempt = 0
    while True:
        attempt += 1
        try:
            text = Writer(f"{seed} {attempt}", plan or Plan()).program()
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                compile(text, "program.py", "exec", dont_inherit=True)
        except (UnfitError, SyntaxError, SyntaxWarning, ValueError):
            continue
        return text
