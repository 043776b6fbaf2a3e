"""Every kind of node that Python's grammar has, and every field of it, has a rule or a reason."""

from __future__ import annotations

import ast

import pytest

from anyorder.exploring import CannotExplore
from anyorder.exploring.rewriting import expressions, patterns, statements
from anyorder.exploring.rewriting.rewriter import Rewriter
from anyorder.exploring.rewriting.transform import RULES, transformed

# kinds that no rule is asked for, each with the reason
WITHOUT_RULE = {
    "And": "an operator of BoolOp", "Or": "an operator of BoolOp", "Not": "an operator of UnaryOp",
    "Expression": "of eval()", "FunctionType": "of type comments", "Interactive": "of the prompt",
    "Del": "how a name is used", "Load": "how a name is used", "Store": "how a name is used",
    "Module": "its body is rewritten", "TypeIgnore": "a comment",
    "alias": "read by Import", "arg": "read by arguments", "arguments": "read by the function",
    "comprehension": "read by the comprehension", "keyword": "read by the call",
    "match_case": "read by Match", "withitem": "read by With",
    "ParamSpec": "evaluated when somebody asks", "TypeVar": "evaluated when somebody asks",
    "TypeVarTuple": "evaluated when somebody asks",
    "Is": "compares no values", "IsNot": "compares no values",
}  # fmt: skip
# operators, each with the call that carries it out
OPERATORS = {
    *(f"{one.__name__}" for one in ast.operator.__subclasses__()),
    *(one.__name__ for one in ast.unaryop.__subclasses__() if one is not ast.Not),
    *(one.__name__ for one in ast.cmpop.__subclasses__() if one not in {ast.Is, ast.IsNot}),
}
# the fields of those kinds that are read where they stand
READ = {
    ast.alias: {"name", "asname"},
    ast.arg: {"arg", "annotation", "type_comment"},
    ast.arguments: {
        "posonlyargs", "args", "vararg", "kwonlyargs", "kw_defaults", "kwarg", "defaults",
    },
    ast.comprehension: {"target", "iter", "ifs", "is_async"},
    ast.keyword: {"arg", "value"},
    ast.match_case: {"pattern", "guard", "body"},
    ast.withitem: {"context_expr", "optional_vars"},
    ast.MatchAs: {"pattern", "name"},
    ast.MatchClass: {"cls", "patterns", "kwd_attrs", "kwd_patterns"},
    ast.MatchMapping: {"keys", "patterns", "rest"},
    ast.MatchOr: {"patterns"},
    ast.MatchSequence: {"patterns"},
    ast.MatchSingleton: {"value"},
    ast.MatchStar: {"name"},
    ast.MatchValue: {"value"},
}  # fmt: skip


def kinds():
    """Return the kinds of nodes of this Python's grammar."""
    found, left = [], [ast.AST]
    while left:
        cls = left.pop()
        below = cls.__subclasses__()
        left += below
        if not below and cls.__module__ in {"ast", "_ast"} and not deprecated(cls):
            found.append(cls)
    return sorted(found, key=lambda cls: cls.__name__)


def deprecated(cls):
    """Whether a kind is only there for old code."""
    return issubclass(cls, ast.slice) or "Deprecated" in (cls.__doc__ or "") or (
        cls.__name__ in {"Num", "Str", "Bytes", "NameConstant", "Ellipsis", "Suite", "Param",
                         "AugLoad", "AugStore"}
    )  # fmt: skip


def unknown(rules, patterns_known, hooks):
    """Return the kinds and fields that have neither a rule nor a reason."""
    result = []
    for cls in kinds():
        name = cls.__name__
        if cls in rules:
            result += [f"{name}.{one}" for one in cls._fields if one not in rules[cls][1]]
        elif cls in READ:
            if cls in patterns_known or not issubclass(cls, ast.pattern):
                result += [f"{name}.{one}" for one in cls._fields if one not in READ[cls]]
            else:
                result.append(name)
        elif name in OPERATORS:
            result += [] if f"__ao_{name}__" in hooks else [name]
        elif name not in WITHOUT_RULE:
            result.append(name)
    return result


@pytest.fixture
def hooks(explored, monkeypatch):
    """Return the names that rewritten code can call."""
    from anyorder.exploring.accesses.hooks import Accesses  # noqa: PLC0415 - it needs greenlet

    found = {}
    original = Accesses.hooks

    def noting(self):
        found.update(original(self))
        return original(self)

    monkeypatch.setattr(Accesses, "hooks", noting)
    explored("pass")
    return found


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_every_kind_of_node_has_a_rule(hooks):
    """What Python's grammar gets next is refused by name, and told of here."""
    assert unknown(RULES, patterns.PATTERNS, hooks) == []


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("cls", [ast.BinOp, ast.While, ast.JoinedStr, ast.ExceptHandler])
def test_a_rule_that_is_missing_is_told_of(hooks, cls):
    """Take a row out of the table, and it is missed."""
    rules = {key: value for key, value in RULES.items() if key is not cls}
    assert unknown(rules, patterns.PATTERNS, hooks) == [cls.__name__]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_field_a_pattern_and_an_operator_that_are_missing_are_told_of(hooks):
    """Likewise."""
    function, fields = RULES[ast.Import]
    rules = {**RULES, ast.Import: (function, fields - {"names"})}
    assert unknown(rules, patterns.PATTERNS, hooks) == ["Import.names"]
    known = {cls: one for cls, one in patterns.PATTERNS.items() if cls is not ast.MatchStar}
    assert unknown(RULES, known, hooks) == ["MatchStar"]
    assert unknown(RULES, patterns.PATTERNS, set(hooks) - {"__ao_Add__"}) == ["Add"]


@pytest.mark.parametrize("rules", [expressions.RULES, statements.RULES])
def test_a_kind_or_a_field_without_a_rule_is_refused_by_name(rules):
    """Nothing is taken for harmless."""
    tree = ast.parse("x = [1]\nfor y in x: pass\n")
    left = {cls: rule for cls, rule in RULES.items() if cls not in rules}
    with pytest.raises(CannotExplore, match="is syntax that is not followed"):
        Rewriter(tree, "program.py", left).statements(tree.body)
    known = {cls: (rule, frozenset()) for cls, (rule, _) in RULES.items()}
    with pytest.raises(CannotExplore, match="with targets is syntax that is not followed"):
        Rewriter(tree, "program.py", known).statements(tree.body)


def test_what_the_frame_of_a_function_needs_stays_in_it():
    """``super`` and what looks at its caller are called in the program's own frame."""
    code = transformed("class C:\n    def f(self): return super().f()\n", "program.py")
    (body,) = [one for one in code.co_consts if hasattr(one, "co_consts")]
    (method,) = [one for one in body.co_consts if hasattr(one, "co_consts")]
    assert "__class__" in method.co_freevars


# what looks at what is to be called, and decorators of the tool's own
LOOKS = {"__ao_f__", "__ao_calling__", "__ao_binder__", "__ao_decorating__"}


def called_unseen(source):
    """Return what rewritten code calls, by a call or as a decorator, and no hook has looked at."""
    tree = ast.parse(source)
    body = Rewriter(tree, "program.py", RULES).statements(tree.body)
    found = []
    for node in (inner for outer in body for inner in ast.walk(outer)):
        called = [node.func] if isinstance(node, ast.Call) else []
        called += getattr(node, "decorator_list", [])
        for one in called:
            if isinstance(one, ast.Name) and one.id.startswith("__ao_"):
                continue  # the tool's own
            if not (isinstance(one, ast.Call) and ast.unparse(one.func) in LOOKS):
                found.append(ast.unparse(one))
    return found


@pytest.mark.parametrize(
    "source",
    [
        "f(*a, **b)(c)\n[g(x) for x in h()]\n",
        "@d\n@e.f(1)\ndef g(x=h()): pass\n",
        "@d\nclass C(b(), metaclass=m()):\n    @e\n    def f(self): return super().f()\n",
        "@(lambda f: f)\ndef g(): pass\n",
    ],
)
def test_whatever_is_called_is_looked_at(source):
    assert called_unseen(source) == []


def test_a_decorator_that_nothing_looks_at_is_told_of(monkeypatch):
    monkeypatch.setattr(statements, "decorator", Rewriter.visit)
    assert called_unseen("@d\n@e.f\ndef g(): pass\n") == ["d", "__ao_a__(e, 'f')"]


@pytest.mark.parametrize(
    "change", ["@show.register\n    def _(x: int): pass", "@Base.register\n    class Kid: pass"]
)
def test_a_decorator_that_changes_what_all_share_is_refused(explored, change):
    with pytest.raises(CannotExplore, match=r"register\(\) of a.* changes what all threads use"):
        explored(f"""
import abc, functools, threading
class Base(abc.ABC): pass
@functools.singledispatch
def show(x): pass
def work():
    {change}
thread = threading.Thread(target=work)
thread.start()
show(1)
""")
