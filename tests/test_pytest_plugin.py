"""The pytest plugin makes a test of each setting of each program, and knows ``ANY_ORDER``."""

import sys

import pytest
from small_programs import LOST_UPDATE, LOST_UPDATE_OUTCOMES, THREE_SPEAK

pytest_plugins = ["pytester"]

USUAL = 'unexplored = "a test"\n[[outcome]]\ngrade = "usual"\nstdout = ["hello"]\n'


@pytest.fixture
def run(pytester):
    def run(*words, **files):
        for name, text in files.items():
            stem, _, suffix = name.rpartition("_")
            pytester.path.joinpath(f"{stem}.{suffix}").write_text(text)
        return pytester.runpytest("-o", "anyorder_runs=1", "-p", "no:cacheprovider", *words)

    return run


def test_each_setting_is_a_test(run):
    result = run("-v", hello_py="print('hello')\n", hello_toml=USUAL)
    result.assert_outcomes(passed=4)
    result.stdout.fnmatch_lines_random(
        [
            "hello.toml::outcome file PASSED*",
            "hello.toml::pipe PASSED*",
            "hello.toml::terminal PASSED*",
            "hello.toml::unbuffered*",
        ]
    )


def test_settings_narrow_what_is_tested(run):
    narrow = ("-v", "-o", "anyorder_stdout_to=pipe unbuffered")
    result = run(*narrow, hello_py="print('hello')\n", hello_toml=USUAL)
    result.assert_outcomes(passed=3)
    result.stdout.no_fnmatch_line("*::terminal*")
    result = run(*narrow, hello_toml='stdout_to = "pipe"\n' + USUAL)
    result.assert_outcomes(passed=2)
    result = run("-o", "anyorder_stdout_to=all", "-o", f"anyorder_python=all {sys.executable}")
    assert result.parseoutcomes()["passed"] >= 2


def test_what_was_only_run_fails_where_all_is_to_be_explored(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "greenlet", None)
    explored = {"hello_py": "print('hello')\n", "hello_toml": USUAL.partition("\n")[2]}
    run(**explored).assert_outcomes(passed=4)
    result = run("-o", "anyorder_require_explored=true", **explored)
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(["*hello.py:1: was run on Python *, because greenlet is not inst*"])
    run("-o", "anyorder_require_explored=true", hello_toml=USUAL).assert_outcomes(passed=4)


def test_what_was_never_observed_is_named_once(run):
    more = USUAL + '[[outcome]]\ngrade = "surprising"\nstdout = ["bye"]\n'
    more += '[[outcome]]\ngrade = "usual"\nstdout = ["bye"]\npython = "<3"\nexit = 1\n'
    result = run(hello_py="print('hello')\n", hello_toml=more)
    result.assert_outcomes(passed=4)
    said = [line for line in result.outlines if "hello.toml:" in line]
    assert [line.partition("hello.toml:")[2] for line in said] == [
        "5: unproven: surprising, never observed",
        "8: skipped: no setting here meets its conditions: Python before 3",
    ]


def test_what_is_possible_is_said_once_and_what_was_observed_by_each_setting(run):
    uncovered = USUAL.partition("\n")[2].replace("hello", "bye")
    result = run("-v", hello_py="print('hello')\n", hello_toml=uncovered)
    result.assert_outcomes(failed=4)
    # under CI pytest's summary has the whole messages once more
    said = str(result.stdout).partition("short test summary info")[0]
    assert said.count("possible, by this schedule:") == 1
    assert said.count("that no schedule leads to") == 1
    assert said.count("observed on Python") == 3


def test_what_is_expected_and_not_possible_fails_one_test(run):
    more = USUAL.partition("\n")[2] + '[[outcome]]\ngrade = "usual"\nstdout = ["bye"]\n'
    result = run("-v", hello_py="print('hello')\n", hello_toml=more)
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(["hello.toml::outcome file FAILED*", "*that no schedule leads to*"])


def test_a_stale_record_is_said_once(run, pytester):
    pytester.path.joinpath("hello.observed.json").write_text('{"sha256": "another"}')
    result = run(hello_py="print('hello')\n", hello_toml=USUAL)
    result.assert_outcomes(failed=1)
    said = str(result.stdout).partition("short test summary info")[0]
    assert said.count("was recorded before hello.py was changed") == 1


@pytest.mark.parametrize(
    ("outcomes", "words"),
    [
        ("[[outcome]\n", "*hello.toml:1: is not TOML: *"),
        ("[outcome]\n", "*hello.toml:1: outcome needs double brackets: [[][[]outcome]]"),
        ('unexplored = ""\n', "*hello.toml:1: unexplored needs a reason: *"),
    ],
)
def test_a_malformed_outcome_file_fails_alone(run, outcomes, words):
    result = run(hello_py="print('hello')\n", hello_toml=outcomes, test_it_py="def test(): pass\n")
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines([words])


def test_an_outcome_file_for_no_program_fails_alone(run):
    result = run(lost_toml=USUAL, hello_py="print('hello')\n", hello_toml=USUAL)
    result.assert_outcomes(failed=1, passed=4)
    result.stdout.fnmatch_lines(
        ["*lost.toml:1: is an outcome file for no program: remove it, or add lost.py beside it"]
    )


def test_other_toml_files_are_left_alone(run, pytester):
    pytester.path.joinpath("latin.toml").write_bytes(b"name = '\xff'\n")
    result = run(data_toml="[project]\nname = 'outcome'\n")
    result.assert_outcomes()


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("anyorder_runs=0", "anyorder_runs is '0': write a whole number, 1 or more"),
        ("anyorder_runs=many", "anyorder_runs is 'many': write a whole number, 1 or more"),
        ("anyorder_timeout=x", "anyorder_timeout is 'x': write seconds, more than 0"),
        ("anyorder_max_executions=0", "anyorder_max_executions is '0': write a whole number, 1 or"),
        ("anyorder_max_seconds=-1", "anyorder_max_seconds is '-1': write seconds, more than 0"),
        ("anyorder_max_events=x", "anyorder_max_events is 'x': write a whole number, 1 or more"),
        ("anyorder_stdout_to=paper", "anyorder_stdout_to is 'paper': write pipe, terminal, unbuff"),
        ("anyorder_start_method=forks", "anyorder_start_method is 'forks': write fork, spawn,"),
        ("anyorder_python=3.99", "Python 3.99: there is no python3.99 on PATH; install it, or giv"),
        ("anyorder_timeout=inf", "anyorder_timeout is 'inf': write seconds, more than 0"),
    ],
)
def test_a_setting_that_has_no_meaning_is_refused(pytester, setting, words):
    result = pytester.runpytest_subprocess("-o", setting)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {words}*"])


def test_a_search_has_limits(run, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    few = ("-o", "anyorder_max_executions=1")
    result = run(*few, add_py=LOST_UPDATE, add_toml=LOST_UPDATE_OUTCOMES)
    result.stdout.fnmatch_lines(
        ["*add.py:1: has more outcomes than could be explored (stopped after 1 execution): make*"]
    )
    run(add_py=LOST_UPDATE, add_toml=LOST_UPDATE_OUTCOMES).assert_outcomes(passed=4)


def test_an_interrupted_search_says_of_which_program(pytester, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    pytester.makeconftest(
        "import signal\n"
        "from anyorder.checking import exploration\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "exploration.PATIENCE = 0\n"
        "ask = exploration.ask\n"
        "def asking(program, tell, **request):\n"
        "    return ask(program, lambda _: signal.raise_signal(signal.SIGINT), **request)\n"
        "exploration.ask = asking\n"
    )
    pytester.path.joinpath("speak.py").write_text(THREE_SPEAK)
    pytester.path.joinpath("speak.toml").write_text(LOST_UPDATE_OUTCOMES)
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(
        ["*speak.py: interrupted while it was explored: * found by then, and there may be more: *"]
    )


DOCTEST = """
>>> print("a\\nb")  # doctest: +ANY_ORDER
b
a
>>> print("a\\n\\nx 1")  # doctest: +ANY_ORDER +ELLIPSIS
x ...
<BLANKLINE>
a
"""
WRONG = """
>>> print("a\\nb")  # doctest: +ANY_ORDER
b
c
"""


@pytest.mark.parametrize(
    ("text", "outcome"), [(DOCTEST, {"passed": 1}), (WRONG, {"failed": 1})], ids=["right", "wrong"]
)
def test_any_order_in_docstrings_and_in_markdown(run, text, outcome):
    module = f"def f():\n    r'''Say.\n{text}'''\n".replace("\\\\n", "\\n")
    run("--doctest-modules", module_py=module).assert_outcomes(**outcome)
    page = f"# Page\n\n```pycon\n{text.strip()}\n```\n"
    result = run("--doctest-glob=*.md", page_md=page.replace("\n```\n", "\n\n```\n"))
    result.assert_outcomes(**outcome)
