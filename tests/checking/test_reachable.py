"""What builds can reach is held against what was observed, and against what entries say of it."""

import json
import platform
from pathlib import Path

import pytest
from small_programs import LOST_UPDATE, LOST_UPDATE_OUTCOMES

from anyorder.checking import (
    Observation,
    Program,
    Verdict,
    check,
    settings_here,
    write_record,
)
from anyorder.checking.exploration import explored
from anyorder.checking.reaching import Reached, reached_by
from anyorder.outcomes import Conditions, Ends, Interpreter, Outcome, Setting, StdoutTo
from anyorder.running import this_interpreter

VERSIONS = ("3.11", "3.12", "3.13", "3.14", "3.15")

# its line may break where nothing buffers it
BROKEN = """\
from threading import Thread

Thread(target=print, args=["a"]).start()
Thread(target=print, args=["b"]).start()
"""
BROKEN_OUTCOMES = """\
[[outcome]]
grade = "usual"
stdout = [{ any_order = ["a", "b"] }]

[[outcome]]
grade = "surprising"
stdout = [{ interleaved = [["a", "\\n"], ["b", "\\n"]] }]
"""
CROSSED = """\
from threading import Lock, Thread

one, other = Lock(), Lock()


def take(first, second):
    with first, second:
        pass


Thread(target=take, args=[one, other]).start()
Thread(target=take, args=[other, one]).start()
"""
CROSSED_OUTCOMES = """\
[[outcome]]
grade = "usual"
stdout = ""

[[outcome]]
grade = "surprising"
stdout = ""
ends = "deadlock"
"""
# of each program: its text, its outcome file, and what the last entry of it has to say
PROGRAMS = {
    "lost": (LOST_UPDATE, LOST_UPDATE_OUTCOMES, '"free-threaded"'),
    "broken": (BROKEN, BROKEN_OUTCOMES, '"unbuffered", "free-threaded"'),
    "crossed": (CROSSED, CROSSED_OUTCOMES, '"3.14", "free-threaded"'),
}
ONE, TWO = Outcome("1\n"), Outcome("2\n")


@pytest.fixture(scope="module", autouse=True)
def _own_cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def program(tmp_path):
    def program(source, outcomes):
        path = tmp_path / "program.py"
        path.write_text(source)
        path.with_suffix(".toml").write_text(outcomes)
        return Program.read(path)

    return program


def on(version, to=StdoutTo.PIPE, *, free_threaded=False):
    return Setting(Interpreter(Path("python"), version, free_threaded, (), "linux"), None, to)


def verdict_of(program, observations=(), recorded=()):
    """Return the verdict on a program, which is explored where it was run or is asked to."""
    never_run = tuple(Observation(each, {}) for each in settings_here(program))
    exploration = explored(program.path)
    return Verdict(program, (*never_run, *observations), tuple(recorded), exploration)


# -- what was observed ------------------------------------------------------------------------


def test_what_a_build_cannot_reach_is_refused_where_it_was_observed(program):
    lost = program(LOST_UPDATE, LOST_UPDATE_OUTCOMES)
    here = Setting(this_interpreter())
    build = on(here.interpreter.version)
    verdict = verdict_of(lost, [Observation(build, {ONE: 3, TWO: 2})])
    [fault] = verdict.faults
    assert verdict.faults_of_runs == [fault]
    assert fault == (
        f"{lost.path}:1: was observed, and is possible, but not reachable there, by how that build "
        "hands over its GIL: this is a fault of Any Order: report it with the program\n"
        "    exit status 0\n    stdout:\n      1⏎\n"
        f"    observed on Python {platform.python_version()}, pipe: 3 of 5"
    )


def test_a_claim_is_about_the_settings_of_which_the_file_speaks(program):
    narrow = f'stdout_to = "terminal"\n{LOST_UPDATE_OUTCOMES}'
    [fault] = verdict_of(program(LOST_UPDATE, narrow + 'reachable = ["all"]\n')).faults
    assert "Python 3.11, terminal: is not reachable" in fault
    assert "pipe" not in fault
    assert verdict_of(program(LOST_UPDATE, narrow + 'reachable = ["free-threaded"]\n')).held
    broken = program(BROKEN, BROKEN_OUTCOMES)
    found = [(explored(broken.path), settings_here(broken))]
    unbuffered = Conditions(stdout_to=(StdoutTo.UNBUFFERED,))
    torn = [Outcome("ab\n\n")]
    assert not reached_by(torn, found, Conditions(), Conditions()).by_all
    assert reached_by(torn, found, unbuffered, Conditions()).by_all


@pytest.mark.parametrize("version", VERSIONS)
def test_a_record_of_whatever_version_is_held(program, version):
    lost = program(LOST_UPDATE, LOST_UPDATE_OUTCOMES)
    record = [Observation(on(f"{version}.1", to), {ONE: 1, TWO: 4}, "a day") for to in StdoutTo]
    verdict = verdict_of(lost, recorded=record)
    [fault] = verdict.faults
    assert fault.startswith(f"{lost.path.with_suffix('.observed.json')}:1: was observed, and is ")
    assert f"remove it, and run `anyorder observe {lost.path}`" in fault
    for to in StdoutTo:
        assert f"\n    observed on Python {version}.1, {to}: 1 of 5, recorded a day" in fault
    assert verdict.faults_of_runs == []


@pytest.mark.parametrize("version", ["3.13.9", "3.14.1", "3.15.0"])
def test_without_a_gil_all_that_is_possible_is_reachable(program, version):
    seen = Observation(on(version, free_threaded=True), {ONE: 1, TWO: 1})
    assert verdict_of(program(LOST_UPDATE, LOST_UPDATE_OUTCOMES), [seen]).held


@pytest.mark.parametrize("version", ["3.10.1", "3.16.0"])
def test_nothing_is_said_of_versions_that_are_not_known(program, version):
    seen = Observation(on(version), {ONE: 1, TWO: 1})
    assert verdict_of(program(LOST_UPDATE, LOST_UPDATE_OUTCOMES), [seen]).held


def test_where_the_output_goes_matters(program):
    broken = program(BROKEN, BROKEN_OUTCOMES)
    record = [Observation(on("3.12.1", to), {Outcome("ab\n\n"): 1}, "a day") for to in StdoutTo]
    [fault] = verdict_of(broken, recorded=record).faults
    assert fault.count("observed on") == 2
    assert "unbuffered" not in fault


@pytest.mark.parametrize("version", VERSIONS)
def test_a_run_that_did_not_end_is_reachable_where_its_end_is(program, version):
    crossed = program(CROSSED, CROSSED_OUTCOMES)
    seen = Observation(on(version), {Outcome("", exit=None, ends=Ends.UNENDED): 1}, "a day")
    assert verdict_of(crossed, recorded=[seen]).held == (version == "3.14")


def test_what_no_entry_covers_is_said_once(program):
    lost = program(LOST_UPDATE, LOST_UPDATE_OUTCOMES.replace('"1"', '"one"'))
    faults = verdict_of(lost, recorded=[Observation(on("3.11.1"), {ONE: 1}, "a day")]).faults
    assert not any("not reachable" in fault for fault in faults)
    assert any("no entry covers this outcome" in fault for fault in faults)


def test_each_setting_of_processes_has_its_own(program):
    """The stdout and the start method that a run had are those of which it is asked."""
    source = (
        "from multiprocessing import Process\n\n\ndef main():\n    child = Process(target=print)\n"
        "    child.start()\n    child.join()\n\n\nif __name__ == '__main__':\n    main()\n"
    )
    child = program(source, '[[outcome]]\ngrade = "usual"\nstdout = [""]\n')
    settings = settings_here(child)
    verdict = verdict_of(child)
    assert verdict.held, verdict
    asked = []
    for found, those in verdict._explorations:
        for each in found.outcomes:
            asked += [(setting.stdout_to, [*each.reachable_on["3.11"]]) for setting in those]
    assert sorted(asked) == sorted((each.stdout_to, [each.stdout_to]) for each in settings)


# -- what entries say -------------------------------------------------------------------------


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_an_entry_says_of_builds_is_held(program, name):
    source, outcomes, right = PROGRAMS[name]
    assert verdict_of(program(source, f"{outcomes}reachable = [{right}]\n")).held


WRONG = {
    "taken away": {"lost": "", "broken": '"free-threaded"', "crossed": '"free-threaded"'},
    "too many": {
        "lost": '"unbuffered", "free-threaded"',
        "broken": '"unbuffered", "terminal", "free-threaded"',
        "crossed": '">=3.14", "free-threaded"',
    },
    "too few": {
        "lost": '"3.14"',
        "broken": '">=3.12 unbuffered", "free-threaded"',
        "crossed": '"3.14 unbuffered", "free-threaded"',
    },
    "without free-threaded": {"lost": '">=3.11"', "broken": '"unbuffered"', "crossed": '"3.14"'},
    "of no version": {
        "lost": '">=3.16", "free-threaded"',
        "broken": '"unbuffered", "3.1", "free-threaded"',
        "crossed": '"3.14", ">=4", "free-threaded"',
    },
}


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("kind", WRONG)
def test_what_is_wrong_is_refused_with_the_right_list(program, kind, name):
    source, outcomes, right = PROGRAMS[name]
    said = WRONG[kind][name] or '">=3.11", "free-threaded"'
    wrong = program(source, f"{outcomes}reachable = [{said}]\n")
    [fault] = verdict_of(wrong).faults
    line = outcomes.count("\n") + 1
    words = f"reachable is not so: fix the program, or write reachable = [{right}]\n"
    assert fault.startswith(f"{wrong.file.path}:{line}: {words}")


def test_what_is_wrong_is_said_build_by_build(program):
    said = 'reachable = ["3.14 terminal", "3.13", "3.20"]\n'
    [fault] = verdict_of(program(CROSSED, CROSSED_OUTCOMES + said)).faults
    assert fault.split("\n    ")[1:] == [
        "Python 3.13, pipe: is not reachable",
        "Python 3.13, terminal: is not reachable",
        "Python 3.13, unbuffered: is not reachable",
        "Python 3.14, pipe: is reachable",
        "Python 3.14, unbuffered: is reachable",
        "free-threaded: is reachable, as all that is possible",
        '"3.20" names no version that this is known of',
    ]


def test_what_all_builds_reach_can_be_said_too(program):
    for items in '[">=3.11", "free-threaded"]', '"all"':
        said = LOST_UPDATE_OUTCOMES.replace('["2"]', f'["2"]\nreachable = {items}')
        assert verdict_of(program(LOST_UPDATE, said)).held


@pytest.mark.parametrize(
    ("condition", "right"),
    [
        ('stdout_to = "unbuffered"', '">=3.11", "free-threaded"'),
        ('stdout_to = ["terminal", "unbuffered"]', '"unbuffered", "free-threaded"'),
        ('platform = "linux"', '"unbuffered", "free-threaded"'),
    ],
)
def test_only_builds_of_which_an_entry_speaks_count(program, condition, right):
    said = f"{BROKEN_OUTCOMES}{condition}\nreachable = [{right}]\n"
    said += '\n[[outcome]]\ngrade = "surprising"\nstdout = "..."\n'
    verdict = verdict_of(program(BROKEN, said))
    assert not any("reachable" in fault for fault in verdict.faults), verdict


@pytest.mark.parametrize(
    ("python", "right"),
    [
        (">=3.14", '"3.14", "free-threaded"'),
        (">=3.14,<3.15", '">=3.14", "free-threaded"'),
        (">=3.15", '"free-threaded"'),
        ("<3.13", ">=3.16"),
    ],
)
def test_only_versions_of_which_an_entry_speaks_count(program, python, right):
    """What is possible does not depend on the version here, so all versions are asked."""
    stuck = CROSSED_OUTCOMES.partition("\n\n")[2]
    said = f"{stuck}python = '{python}'\nreachable = ["
    text = CROSSED_OUTCOMES.replace(stuck, said + '"3.11"]\n\n' + stuck)
    [fault] = [
        each for each in verdict_of(program(CROSSED, text)).faults if "reachable is not so" in each
    ]
    if python != "<3.13":
        assert f"reachable = [{right}]\n" in fault
    else:  # there was no build without a GIL
        assert "reachable = []" in fault


def test_an_entry_of_other_settings_is_not_judged(program):
    other = '\n[[outcome]]\ngrade = "usual"\nstdout = ["no"]\npython = "<3"\nreachable = "3.14"\n'
    verdict = verdict_of(program(LOST_UPDATE, LOST_UPDATE_OUTCOMES + other))
    assert verdict.held, verdict
    assert len(verdict.skipped) == 1


# -- in words ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reached", "listed", "words"),
    [
        (dict.fromkeys(VERSIONS, "ptu"), [">=3.11", "free-threaded"], "all"),
        ({}, ["free-threaded"], "no GIL only"),
        (dict.fromkeys(VERSIONS, "u"), ["unbuffered", "free-threaded"], "unbuffered or no GIL"),
        (
            dict.fromkeys(VERSIONS, "tu"),
            ["terminal", "unbuffered", "free-threaded"],
            "terminal or unbuffered or no GIL",
        ),
        ({"3.14": "ptu"}, ["3.14", "free-threaded"], "3.14 or no GIL"),
        (
            {"3.14": "ptu", "3.15": "ptu"},
            [">=3.14", "free-threaded"],
            "3.14 to 3.15 or no GIL",
        ),
        (
            {"3.11": "ptu", "3.12": "ptu", "3.14": "ptu"},
            ["<3.13", "3.14", "free-threaded"],
            "3.11 to 3.12 or 3.14 or no GIL",
        ),
        (
            {"3.12": "u", "3.13": "u"},
            [">=3.12,<3.14 unbuffered", "free-threaded"],
            "3.12 to 3.13 unbuffered or no GIL",
        ),
        (
            dict.fromkeys(VERSIONS, "u") | {"3.14": "ptu"},
            ["3.14", "unbuffered", "free-threaded"],
            "3.14 or unbuffered or no GIL",
        ),
    ],
)
def test_words(program, reached, listed, words):
    found = Reached.of(
        {
            version: {str(to): to[0] in reached.get(version, "") for to in StdoutTo}
            for version in VERSIONS
        }
    )
    assert (found.listed(), str(found)) == (listed, words)
    # and the list says so
    items = json.dumps(listed)
    file = program("", f'[[outcome]]\ngrade = "usual"\nstdout = ""\nreachable = {items}\n').file
    said = file.entries[0].reachable
    assert all(said.says(*build) is reached for build, reached in found.builds.items())
    assert said.free_threaded


def test_nothing_known_is_nothing_said():
    assert str(Reached.of({})) == ""


def test_a_record_that_was_written_is_held(program):
    lost = program(LOST_UPDATE, LOST_UPDATE_OUTCOMES)
    write_record(lost.path, [Observation(on("3.12.4"), {ONE: 1}, "a day")])
    verdict = check(lost.path, settings_here(lost)[:1], runs=1)
    [fault] = verdict.faults
    assert "program.observed.json:1: was observed, and is possible, but not reachable" in fault
