"""An outcome file says what it means, and a malformed one is refused where it is malformed."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from anyorder.outcomes import (
    Conditions,
    Ends,
    Entry,
    Grade,
    Interpreter,
    Outcome,
    OutcomeFile,
    OutcomeFileError,
    Prompt,
    Setting,
    StartMethod,
    StdoutTo,
)

PYTHON = Interpreter(
    path=Path("python"),
    version="3.14.2",
    free_threaded=False,
    start_methods=(StartMethod.FORKSERVER, StartMethod.FORK, StartMethod.SPAWN),
    platform="linux",
)
SETTING = Setting(PYTHON)

DESIGN = """\
# the example of the design
[[outcome]]
grade = "usual"
stdout = ["begin", { any_order = ["from Thread-1", "from MainThread"] }, "end"]
count = 2
why = '''A sentence
for the page.'''

[[outcome]]
grade = "surprising"
stdout = ["begin", { interleaved = [["from", " ", "Thread-1", "\\n"],
                                    ["from", " ", "MainThread", "\\n"]] }, "end"]
count = 26

[[outcome]]
grade = "forbidden"
stdout = "..."
ends = "deadlock"
"""


@pytest.fixture
def read(tmp_path):
    def read(text, name="program.toml"):
        path = tmp_path / name
        path.write_text(text)
        return OutcomeFile.read(path)

    return read


def test_the_first_entry_that_matches_names_the_grade(read):
    file = read(DESIGN)
    whole = Outcome("begin\nfrom Thread-1\nfrom MainThread\nend\n")
    broken = Outcome("begin\nfromfrom  Thread-1MainThread\n\nend\n")
    assert file.entry_for(whole, SETTING).grade is Grade.USUAL
    assert file.entry_for(broken, SETTING).grade is Grade.SURPRISING
    assert file.entry_for(Outcome("begin\nend\n"), SETTING) is None
    assert [entry.line for entry in file.entries] == [2, 9, 15]
    assert file.entries[0].why == "A sentence for the page."
    assert file.entries[0].count == 2


def test_what_did_not_end_matches_deadlock_and_never(read):
    file = read(DESIGN + '\n[[outcome]]\ngrade = "usual"\nstdout = "a\\n"\nends = "never"\n')
    unended = Outcome("a\n", exit=None, ends=Ends.UNENDED)
    assert file.entry_for(unended, SETTING).number == 3
    assert file.entry_for(Outcome("a\n", exit=None, ends=Ends.NEVER), SETTING).number == 4
    assert file.entry_for(Outcome("a\n"), SETTING) is None


def test_what_is_still_in_a_buffer_is_not_missed(read):
    file = read(
        '[[outcome]]\ngrade = "usual"\nstdout = [{ any_order = ["a", "b"] }]\nends = "deadlock"\n'
    )
    unbuffered = Setting(PYTHON, stdout_to=StdoutTo.UNBUFFERED)
    for text, on_a_pipe, without_a_buffer in [
        ("", True, False),
        ("b\n", True, False),
        ("b\na\n", True, True),
        ("b\nb\n", False, False),
    ]:
        outcome = Outcome(text, exit=None, ends=Ends.UNENDED)
        assert (file.entry_for(outcome, SETTING) is not None) == on_a_pipe
        assert (file.entry_for(outcome, unbuffered) is not None) == without_a_buffer


def test_stderr_and_exit_status_are_nothing_where_the_entry_says_nothing(read):
    file = read('[[outcome]]\ngrade = "usual"\nstdout = ["a"]\n')
    assert file.entry_for(Outcome("a\n"), SETTING)
    assert file.entry_for(Outcome("a\n", stderr="oh\n"), SETTING) is None
    assert file.entry_for(Outcome("a\n", exit=1), SETTING) is None
    file = read('[[outcome]]\ngrade = "usual"\nstdout = []\nstderr = ["..."]\nexit = -9\n')
    assert file.entry_for(Outcome("", stderr="oh\nno\n", exit=-9), SETTING)
    assert file.entry_for(Outcome("", stderr="oh\nno\n", exit=-15), SETTING) is None


@pytest.mark.parametrize(
    ("condition", "setting", "met"),
    [
        ('python = ">=3.14"', SETTING, True),
        ('python = ">=3.12,<3.14"', SETTING, False),
        ('start_method = "fork"', Setting(PYTHON, StartMethod.FORK), True),
        ('start_method = ["spawn", "forkserver"]', Setting(PYTHON, StartMethod.FORK), False),
        ('stdout_to = "terminal"', Setting(PYTHON, stdout_to=StdoutTo.TERMINAL), True),
        ('stdout_to = "terminal"', SETTING, False),
        ('platform = ["linux", "darwin"]', SETTING, True),
        ('platform = "win32"', SETTING, False),
        ('prompt = "new"', Setting(PYTHON, prompt=Prompt.NEW), True),
        ('prompt = "basic"', Setting(PYTHON, prompt=Prompt.NEW), False),
    ],
)
def test_an_entry_speaks_only_of_its_settings(read, condition, setting, met):
    file = read(f'[[outcome]]\ngrade = "usual"\nstdout = "a"\n{condition}\n')
    assert (file.entry_for(Outcome("a"), setting) is not None) == met


@pytest.mark.parametrize(
    ("items", "version", "to", "said"),
    [
        ('["3.14"]', "3.14", "pipe", True),
        ('"3.14"', "3.14", "unbuffered", True),
        ('["3.14"]', "3.13", "pipe", False),
        ('["3.1"]', "3.14", "pipe", False),
        ('["==3.14.*"]', "3.14", "pipe", True),
        ('[">=3.12, <3.14"]', "3.13", "pipe", True),
        ('[">=3.12, <3.14"]', "3.14", "pipe", False),
        ('["unbuffered"]', "3.11", "unbuffered", True),
        ('["unbuffered"]', "3.11", "terminal", False),
        ('[">=3.14 terminal", "pipe"]', "3.14", "terminal", True),
        ('[">=3.14 terminal", "pipe"]', "3.13", "terminal", False),
        ('[">=3.14 terminal", "pipe"]', "3.13", "pipe", True),
        ('["free-threaded"]', "3.14", "pipe", False),
        ('"all"', "3.14", "pipe", True),
        ("[]", "3.14", "pipe", False),
    ],
)
def test_an_entry_says_which_builds_can_reach_it(read, items, version, to, said):
    file = read(f'[[outcome]]\ngrade = "usual"\nstdout = "a"\nreachable = {items}\n')
    reachable = file.entries[0].reachable
    assert reachable.says(version, StdoutTo(to)) is said
    assert reachable.free_threaded is ("free-threaded" in items or "all" in items)
    assert reachable.line == 4
    # it is no condition
    assert file.entry_for(Outcome("a"), SETTING) is not None


def test_what_a_session_may_print_is_not_held_by_build(tmp_path, read):
    (tmp_path / "typed.session").write_text("f()\n")
    with pytest.raises(OutcomeFileError, match=r"typed\.toml:4: reachable cannot be held true"):
        read('[[outcome]]\ngrade = "usual"\nstdout = "a"\nreachable = "pipe"\n', "typed.toml")


def test_the_second_prompt_is_no_wildcard(read, tmp_path):
    (tmp_path / "typed.session").write_text("if True:\n    print(1)\n\n")
    screen = ">>> if True:\n...     print(1)\n...\n1\n>>>\n"
    written = screen.replace("...\n", "... \n")
    file = read(f"[[outcome]]\ngrade = 'usual'\nstdout = '''\n{written}'''\n", "typed.toml")
    assert file.entry_for(Outcome(screen), SETTING)
    assert file.entry_for(Outcome(screen.replace("...\n1", "another\nline\n1")), SETTING) is None
    assert file.entries[0].stdout.texts(most=1) == {screen}


def test_three_dots_alone_are_any_lines_in_a_session_too(read, tmp_path):
    (tmp_path / "typed.session").write_text("f()\n")
    file = read('[[outcome]]\ngrade = "usual"\nstdout = [">>> f()", "...", "end"]\n', "typed.toml")
    assert file.entry_for(Outcome(">>> f()\na\nb\nend\n"), SETTING)
    assert file.entry_for(Outcome(">>> f()\na\nb\n"), SETTING) is None


def test_a_file_speaks_of_some_settings_alone(read):
    file = read('stdout_to = ["pipe", "terminal"]\npython = ">=3.14"\n' + DESIGN)
    whole = Outcome("begin\nfrom Thread-1\nfrom MainThread\nend\n")
    assert file.entry_for(whole, SETTING).grade is Grade.USUAL
    assert file.entry_for(whole, Setting(PYTHON, stdout_to=StdoutTo.UNBUFFERED)) is None
    assert file.entry_for(whole, Setting(replace(PYTHON, version="3.13.9"))) is None
    assert str(file.when) == "Python from 3.14, to a pipe or to a terminal"


@pytest.mark.parametrize(
    ("python", "words"),
    [
        (">=3.14,<3.15", "Python 3.14"),
        ("==3.14.*", "Python 3.14"),
        (">=3.12,<3.15", "Python 3.12 to 3.14"),
        (">=3.13.8,<3.15", "Python 3.13.8 to 3.14"),
        (">=3.14.2,<3.15", "Python from 3.14.2 before 3.15"),
        (">=3.12,<3.14.2", "Python from 3.12 before 3.14.2"),
        (">=3.14,<3.14.2", "Python 3.14 before 3.14.2"),
        (">=3.15,<3.13", "Python from 3.15 before 3.13"),
        (">=3.12,<4.0", "Python from 3.12 before 4.0"),
        (">=3.12,!=3.13.*,<3.15", "Python 3.12 to 3.14 but not 3.13"),
        (">=3.13.8,!=3.14.0", "Python from 3.13.8 but not 3.14.0"),
        ("!=3.14.0", "Python not 3.14.0"),
        ("<3.13", "Python before 3.13"),
    ],
)
def test_versions_are_named_by_the_first_and_the_last(python, words):
    assert str(Conditions((SpecifierSet(python),))) == words


def test_versions_of_which_one_has_to_be_met(read):
    file = read(ENTRY + 'python = ["<3.13.12", ">=3.14,<3.14.3", "==3.15.0"]\n')
    (entry,) = file.entries
    assert str(entry.when) == "Python before 3.13.12, 3.14 before 3.14.3 or 3.15.0"
    late = Conditions((SpecifierSet(">=3.14"),))
    met = {"3.13.11": (True, False), "3.13.12": (False, False), "3.14.0": (True, True),
           "3.14.3": (False, False), "3.15.0": (True, True), "3.15.1": (False, False)}  # fmt: skip
    for version, expected in met.items():
        setting = Setting(replace(PYTHON, version=version))
        both = (entry.when.met_by(setting), entry.when.within(late).met_by(setting))
        assert both == expected
    assert entry.when.within(Conditions()) == entry.when


ENTRY = '[[outcome]]\ngrade = "usual"\nstdout = "a"\n'

MALFORMED = [
    ("[[outcome]\n", 1, "is not TOML"),
    ('[[outcome]]\ngrade = "usual\n', 2, "is not TOML"),
    (ENTRY + 'stdout = "b"\n', 4, "stdout is there twice: leave one of the two out"),
    (ENTRY + 'stderr = """\na"""\nstderr = [\n"a",\n]\n', 6, "stderr is there twice"),
    ('unexplored = "x"\n"unexplored" = "y"\n' + ENTRY, 2, "unexplored is there twice"),
    ("[outcome]\n[[outcome]]\n", 2, "is not TOML: Cannot overwrite a value"),
    ('stdout_to = "paper"\n' + ENTRY, 1, "stdout_to is 'paper': write"),
    ("", 1, "has no [[outcome]]: run `anyorder accept`"),
    ('[outcome]\ngrade = "usual"\n', 1, "needs double brackets: [[outcome]]"),
    ("outcome = 3\n", 1, "needs double brackets"),
    ("unexplored = true\n" + ENTRY, 1, "unexplored needs a reason"),
    ('unexplored = " "\n' + ENTRY, 1, "unexplored needs a reason"),
    ("unexplord = 'x'\n" + ENTRY, 1, "did you mean unexplored?"),
    ('explored = "all"\n' + ENTRY, 1, "explored is 'all': write how far, as explored = \"2 pre"),
    ("explored = 2\n" + ENTRY, 1, "explored is 2: write how far"),
    ('explored = "1 preemptions"\n' + ENTRY, 1, "explored is '1 preemptions': write how far"),
    ('explored = "-1 preemptions"\n' + ENTRY, 1, "or leave it out where everything is explored"),
    (
        'unexplored = "it waits"\nexplored = "2 preemptions"\n' + ENTRY,
        2,
        "explored goes with a program that is explored, and this one is unexplored: leave it out",
    ),
    (
        'explored = "0 preemptions"\n' + ENTRY + 'reachable = ["3.14"]\n',
        5,
        "reachable cannot be held true where not everything is explored: leave it out",
    ),
    (ENTRY + "\n# a remark\nstdin = 'x'\n", 6, "stdin is no key of an outcome file"),
    (ENTRY + 'begins = "exit"\n', 4, "begins is no key"),
    (ENTRY + 'why = """\n[[outcome]]\n"""\nbegin = 1\n', 7, "begin is no key"),
    (ENTRY + '\n[["outcome"]]\n' + ENTRY[12:] + ENTRY + "n = 1\n", 11, "n is no key"),
    (ENTRY + "[other]\n" + ENTRY, 4, "other is no key of an outcome file"),
    ("outcome = [\n{},\n{}]\n", 1, "has no grade"),
    ('[[outcome]]\nstdout = "a"\n', 1, "has no grade: add grade ="),
    (ENTRY + '\n[[outcome]]\ngrade = "usual"\n', 5, "has no stdout: add stdout ="),
    (ENTRY.replace("usual", "fine"), 2, 'grade is \'fine\': write "usual" or "surprising" or'),
    (ENTRY + 'ends = "unended"\n', 4, 'write "exit" or "deadlock" or "never"'),
    (ENTRY + 'ends = "never"\nexit = 1\n', 5, 'goes with ends = "exit"'),
    (ENTRY + 'exit = "0"\n', 4, "exit is '0': write a whole number"),
    (ENTRY + "exit = true\n", 4, "exit is True: write a whole number"),
    (ENTRY + "count = 0\n", 4, "count must be 1 or more"),
    (ENTRY + "count = 1.5\n", 4, "count is 1.5: write a whole number"),
    (ENTRY + "why = 3\n", 4, "why must be a string"),
    (ENTRY + 'python = "3.14"\n', 4, 'python must be versions as pip writes them: python = ">='),
    (ENTRY + "python = 3.14\n", 4, "python must be versions"),
    (ENTRY + 'reachable = ["3.x"]\n', 4, "reachable has '3.x': write versions (\">=3.14\"), where"),
    (ENTRY + "reachable = [\n'3.14',\n'']\n", 4, "reachable has ''"),
    (ENTRY + 'reachable = "no GIL"\n', 4, "reachable has 'no GIL'"),
    (ENTRY + 'reachable = ["pipe 3.14"]\n', 4, "reachable has 'pipe 3.14'"),
    (ENTRY + 'reachable = ["free-threaded pipe"]\n', 4, "reachable has 'free-threaded pipe'"),
    (ENTRY + 'reachable = ["all pipe"]\n', 4, "reachable has 'all pipe'"),
    (ENTRY + "reachable = [3.14]\n", 4, 'reachable has 3.14: write versions (">=3.14")'),
    (ENTRY + "reachable = true\n", 4, "reachable has True"),
    (
        'unexplored = "it waits"\n' + ENTRY + ENTRY + 'reachable = ["3.14"]\n',
        8,
        "reachable cannot be held true where nothing is explored",
    ),
    (
        ENTRY.replace("usual", "forbidden") + "reachable = 'pipe'\n",
        4,
        "reachable goes with what may be",
    ),
    (ENTRY + 'start_method = "frok"\n', 4, 'write "fork" or "spawn" or "forkserver"'),
    (ENTRY + 'stdout_to = ["pipe", 3]\n', 4, "stdout_to is 3: write"),
    (ENTRY + 'platform = "windows"\n', 4, 'write "linux" or "darwin" or "win32"'),
    (ENTRY + 'prompt = "old"\n', 4, 'write "basic" or "new"'),
    ('[[outcome]]\ngrade = "usual"\nstdout = 3\n', 3, "stdout must be a text or a list of parts"),
    ('[[outcome]]\ngrade = "usual"\nstdout = [3]\n', 3, "stdout has a part 3: write a line"),
    ('[[outcome]]\ngrade = "usual"\nstdout = ["a\\nb"]\n', 3, "write one string a line"),
    (
        '[[outcome]]\ngrade = "usual"\nstdout = [\n  "a",\n  { anyorder = ["b"] },\n]\n',
        3,
        "write a line, { any_order",
    ),
    ('[[outcome]]\ngrade = "usual"\nstdout = [{ any_order = [] }]\n', 3, "has a part"),
    ('[[outcome]]\ngrade = "usual"\nstdout = [{ any_order = [1] }]\n', 3, "has 1 where a line"),
    (
        '[[outcome]]\ngrade = "usual"\nstdout = [{ interleaved = ["a", "b"] }]\n',
        3,
        "interleaves 'a', which is no list of texts",
    ),
    (
        '[[outcome]]\ngrade = "usual"\nstdout = [{ any_order = ["a"], interleaved = [["b"]] }]\n',
        3,
        "has a part",
    ),
]


@pytest.mark.parametrize(("text", "line", "message"), MALFORMED)
def test_a_malformed_file_is_refused_with_file_line_key_and_mend(
    read, tmp_path, text, line, message
):
    with pytest.raises(OutcomeFileError) as caught:
        read(text)
    assert str(caught.value).startswith(f"{tmp_path / 'program.toml'}:{line}: ")
    assert message in str(caught.value)
    assert caught.value.line == line


def test_a_file_that_is_not_utf_8_is_refused_with_its_line(tmp_path):
    path = tmp_path / "program.toml"
    path.write_bytes(b"# fine\n# caf\xe9\n")
    with pytest.raises(OutcomeFileError, match=r"program\.toml:2: is not UTF-8"):
        OutcomeFile.read(path)


def test_thousands_of_entries_are_read_and_looked_through_once(read, monkeypatch):
    parsed = tried = 0
    loads, matches = tomllib.loads, Entry.matches

    def counting_loads(text):
        nonlocal parsed
        parsed += len(text)
        return loads(text)

    def counting_matches(entry, outcome, *, buffered=False):
        nonlocal tried
        tried += 1
        return matches(entry, outcome, buffered=buffered)

    monkeypatch.setattr(tomllib, "loads", counting_loads)
    monkeypatch.setattr(Entry, "matches", counting_matches)
    texts = [f"{number}\n" for number in range(1000)]
    text = "".join(ENTRY.replace('"a"', f"{each!r}".replace("'", '"')) for each in texts)
    file = read(text + ENTRY.replace('"a"', '"..."'))
    assert parsed < 4 * len(text)
    found = [file.entry_for(Outcome(each), SETTING).number for each in [*texts, "b\n"]]
    assert found == list(range(1, 1002))
    assert tried == 1001


def test_the_first_entry_that_matches_is_found_whatever_it_is_written_as(read):
    exact, pattern, other = (ENTRY.replace('"a"', each) for each in ('["a"]', '["..."]', '["b"]'))
    assert read(exact + pattern).entry_for(Outcome("a\n"), SETTING).number == 1
    assert read(pattern + exact).entry_for(Outcome("a\n"), SETTING).number == 1
    assert read(other + exact + exact).entry_for(Outcome("a\n"), SETTING).number == 2
    assert read(other + pattern).entry_for(Outcome("a\n"), SETTING).number == 2
    assert read(other).entry_for(Outcome("a\n"), SETTING) is None


@pytest.mark.parametrize(
    ("words", "bound"), [("0 preemptions", 0), ("1 preemption", 1), ("12 preemptions", 12)]
)
def test_a_file_says_how_far_it_is_held(tmp_path, words, bound):
    path = tmp_path / "program.toml"
    path.write_text(f'explored = "{words}"\n{ENTRY}')
    assert OutcomeFile.read(path).preemptions == bound
    path.write_text(ENTRY)
    assert OutcomeFile.read(path).preemptions is None


def test_a_session_is_not_explored_to_any_bound(tmp_path):
    path = tmp_path / "program.toml"
    path.with_suffix(".session").write_text("1\n")
    path.write_text(f'explored = "1 preemption"\n{ENTRY}')
    with pytest.raises(OutcomeFileError, match=r"toml:1: explored goes with .* a session is not"):
        OutcomeFile.read(path)


def test_a_file_that_is_only_begun_is_read_where_that_is_meant(tmp_path):
    path = tmp_path / "program.toml"
    path.write_text('explored = "1 preemption"\n')
    assert OutcomeFile.read(path, begun=True).preemptions == 1
    with pytest.raises(OutcomeFileError, match="has no"):
        OutcomeFile.read(path)
