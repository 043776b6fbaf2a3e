"""What cannot be seen of an output has signs where it tells outcomes apart."""

from anyorder.board.words import disordered, marked


def test_ends_of_lines_and_spaces_at_them_have_signs():
    assert marked("a \n\n b\nc\n") == "a␣\n⏎\n␣b\nc\n"


def test_broken_lines_are_known_by_a_whole_output_with_the_same_characters():
    whole, empty, other = "a b\nc d\n", "a bc d\n\n", "a c\n b d\n"
    assert disordered([whole, empty, other]) == {whole, empty}
    assert marked(whole) == whole


def test_spaces_and_empty_lines_that_a_program_always_prints_have_no_signs():
    assert disordered(["  a\n\n  b\n", "  b\n\n  a\n", "a\n"]) == {"a\n"}
