"""A reader who looks for a word finds the page that teaches it."""

import pytest
from built_site import wait_until

DONE = "document.querySelector('.search-summary')?.textContent"
FIRST = {
    "race condition": "shared-state/lost-update",
    "lost update": "shared-state/lost-update",
    "deadlock": "shared-state/deadlock",
    "GIL": "two-ways/one-at-a-time",
    "lock": "shared-state/lock",
    "queue": "shared-state/queue",
    "join": "two-ways/second-thread",
    "Deadlock": "shared-state/deadlock",
    "process": "two-ways/second-interpreter",
    "fork": "two-ways/child-begins",
    "print": "two-ways/screen",
}


def found(page):
    """Return where each result leads, once all of them are there."""
    wait_until(page, DONE)
    return page.locator("#search-results li > a").evaluate_all(
        "(all) => all.map((each) => new URL(each.href).pathname.replace(/^.anyorder.|.html$/g, ''))"
    )


@pytest.mark.parametrize("word", FIRST)
def test_a_word_leads_to_its_page_first(visit, word):
    page = visit(f"search.html?q={word}")
    pages = found(page)
    assert pages[0] == FIRST[word]
    lessons = [not each.startswith(("reference/", "glossary")) for each in pages]
    assert lessons == sorted(lessons, reverse=True)
    kinds = page.locator("#search-results li").evaluate_all(
        "(all) => all.map((li) => li.className)"
    )
    names = [kind == "kind-object" for kind in kinds]
    assert names == sorted(names)
    lists = [each for each, name in zip(pages, names, strict=True) if not name]
    assert len(lists) == len(set(lists))  # a page stands there once


def test_without_the_theme_a_name_would_come_before_a_page(visit):
    page = visit("search.html?q=deadlock")
    page.evaluate(
        "delete Scorer.score; document.querySelector('#search-results').replaceChildren()"
    )
    page.evaluate("Search.performSearch('deadlock')")
    wait_until(page, DONE)
    kinds = page.locator("#search-results li").evaluate_all(
        "(all) => all.map((li) => li.className)"
    )
    names = [kind == "kind-object" for kind in kinds]
    assert names != sorted(names)


def test_what_is_shown_of_a_page_is_about_the_word_and_keeps_its_words_apart(visit):
    page = visit("search.html?q=race condition")
    found(page)
    page.locator("#search-results li p").first.wait_for()
    assert "race condition" in page.locator("#search-results li p").first.inner_text()
    page = visit("search.html?q=active_children")
    found(page)
    shown = page.locator("#search-results li", has_text="A second interpreter").locator("p")
    assert "enumerate active_children those" in shown.inner_text()
    assert page.faults == []


def test_a_page_is_found_from_any_other(visit):
    page = visit("two-ways/second-thread.html")
    page.get_by_role("searchbox").fill("interpreter")
    page.keyboard.press("Enter")
    page.locator("#search-results").get_by_role("link", name="A second interpreter").click()
    assert "A second interpreter" in page.locator("h1").inner_text()
