"""The address of a page in a browser: it is replaced, not added to the history, and the page follows it."""

import re

from playwright.sync_api import expect

from testing.browser.pages import choose_setting, navigate, open_page, reading, wait_for_rest


def test_changes_add_no_entry_to_the_history_and_going_back_leaves_the_page(page, server):
    open_page(page, f"{server.url}/model", "Model")
    navigate(page, "Inspector")
    page.get_by_role("button", name="Blue pen", exact=True).click()
    expect(page).to_have_url(re.compile(r"picture=sample(%3A|:)pen\.jpg$"))
    entries = page.evaluate("history.length")
    for value in ("Otsu", "Adaptive"):
        choose_setting(page, "threshold", value)
        expect(page).to_have_url(re.compile(f"threshold={value.lower()}"))
        wait_for_rest(page)
    assert page.evaluate("history.length") == entries
    page.go_back()
    expect(page.get_by_role("heading", name="Model", exact=True)).to_be_visible()
    page.go_forward()
    expect(page.get_by_role("radio", name="Adaptive")).to_be_checked()
    expect(page).to_have_url(re.compile("threshold=adaptive"))


def test_the_page_follows_its_address_through_the_history(page, server):
    open_page(page, f"{server.url}/inspector?picture=sample:pen.jpg&threshold=otsu", "Inspector")
    expect(reading(page)).to_have_text("3")
    wait_for_rest(page)
    page.evaluate("location.hash = 'picture'")  # adds an entry
    page.evaluate("History.prototype.replaceState.call(history, {}, '', '?picture=sample:chalk.jpg')")
    page.go_back()
    wait_for_rest(page)
    page.go_forward()
    expect(reading(page)).to_have_text("4")
    expect(page.get_by_role("radio", name="Local paper")).to_be_checked()
    expect(page).to_have_url(re.compile("picture=sample(%3A|:)chalk.jpg$"))
