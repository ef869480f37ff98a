"""The roster's page as it is used: by keyboard, by touch, on a telephone, in print."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from optimizer.domain.caregiver import Caregiver
from optimizer.domain.contract import Organisation
from optimizer.report.day_sheets import day_sheets_page
from optimizer.report.letters import letters_page
from optimizer.report.page import roster_page
from optimizer.report.roster import Roster
from tests.browser import PHONE, WIDE, Opener, browser, findings
from tests.report.people import NAMED
from tests.report.village import village_roster

PIXELS_PER_MM = 96 / 25.4
IDLE = {
    "id": "G0003",
    "organisation": "ORG2",
    "qualifications": [{"code": "N"}, {"code": "C", "level": 2}],
    "home": {"lat": 29.96, "lon": 121.7},
    "shifts": [{"date": "2026-03-02", "start": "06:00", "end": "14:00"}],
}


def two_days() -> Roster:
    """The village on two equal days, with a nurse of another organisation who has no visit."""
    roster = village_roster()
    scenario, plan = roster.scenario, roster.plan
    others = [one.model_copy(update={"organisation": "ORG1"}) for one in scenario.caregivers]
    scenario = scenario.model_copy(
        update={
            "caregivers": (*others, Caregiver.model_validate(IDLE)),
            "organisations": (Organisation(id="ORG1"), Organisation(id="ORG2")),
        }
    )
    later = [
        route.model_copy(update={"date": route.date + timedelta(days=1)})
        for route in plan.routes[1:]
    ]
    plan = plan.model_copy(update={"routes": (*plan.routes, *later)})
    assert roster.result is not None
    needs = replace(roster.result.prepared.needs, scenario=scenario)
    result = replace(roster.result, prepared=replace(roster.result.prepared, needs=needs))
    return replace(Roster.of_result(replace(result, plan=plan)), scenario=scenario)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Opener]:
    """Give one browser to all tests of this module."""
    with browser() as started:
        yield Opener(started)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the roster, the day sheets and the letters in both languages."""
    folder = tmp_path_factory.mktemp("pages")
    roster = two_days()
    drawn = {
        "roster.en": roster_page(roster, lang="en", audience=NAMED),
        "roster.zh": roster_page(roster, lang="zh", audience=NAMED),
        "sheets.en": day_sheets_page(roster, NAMED, "en"),
        "letters.zh": letters_page(roster, NAMED, "zh"),
    }
    for name, text in drawn.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def wide(chromium: Opener, pages: Path) -> Iterator[Any]:
    """Give the English page on a wide screen."""
    with chromium.opened(pages / "roster.en.html") as page:
        yield page


@pytest.fixture
def phone(chromium: Opener, pages: Path) -> Iterator[Any]:
    """Give the Chinese page on a telephone."""
    with chromium.opened(pages / "roster.zh.html", PHONE) as page:
        yield page


def names(page: Any) -> list[str]:
    """Return the caregivers whose lines are shown."""
    shown: list[str] = page.locator("tr.line:visible th button").all_inner_texts()
    return shown


def focused(page: Any) -> str:
    """Return the text, or else the name, of what the keyboard is at."""
    text: str = page.evaluate(
        "document.activeElement.innerText || document.activeElement.name || ''"
    )
    return text


@pytest.mark.parametrize(
    ("lang", "size"),
    [
        ("en", WIDE),
        ("zh", PHONE),
        pytest.param("zh", WIDE, marks=pytest.mark.sweep),
        pytest.param("en", PHONE, marks=pytest.mark.sweep),
    ],
)
def test_axe_finds_nothing_on_the_page(
    chromium: Opener, pages: Path, lang: str, size: tuple[int, int]
) -> None:
    """With all parts and the details open: contrast, names, roles, order, language."""
    with chromium.opened(pages / f"roster.{lang}.html", size) as page:
        page.locator("tr.line button").first.click()
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        assert findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


@pytest.mark.parametrize("name", ["roster.en", "roster.zh", "sheets.en", "letters.zh"])
def test_axe_finds_nothing_in_print(chromium: Opener, pages: Path, name: str) -> None:
    """The page, the day sheets and the letters as they come out of a printer."""
    with chromium.opened(pages / f"{name}.html", media="print") as page:
        assert findings(page) == []


def long_days() -> Roster:
    """The village's first caregiver comes to the same client 3 to 16 times, day by day."""
    roster = village_roster()
    route = roster.plan.routes[1]
    routes = [
        route.model_copy(
            update={"date": route.date + timedelta(days=n), "stops": route.stops[:1] * n}
        )
        for n in range(3, 17)
    ]
    return replace(roster, plan=roster.plan.model_copy(update={"routes": tuple(routes)}))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_day_sheet_fits_one_page(chromium: Opener, tmp_path: Path, lang: str) -> None:
    """However many stops: 275 by 188 mm are left of A4 within the margins."""
    file = tmp_path / "sheets.html"
    drawn = day_sheets_page(long_days(), NAMED, "zh" if lang == "zh" else "en")
    file.write_text(drawn, encoding="utf-8")
    width, height = round(188 * PIXELS_PER_MM), round(275 * PIXELS_PER_MM)
    with chromium.opened(file, (width, height), media="print") as page:
        heights = page.evaluate(
            "[...document.querySelectorAll('section')].map(one => one.offsetHeight)"
        )
    assert len(heights) == 14
    assert max(heights) <= height


def test_a_keyboard_is_enough(wide: Any) -> None:
    """Tab leads to a caregiver, arrows to the next one, Enter opens, Escape leads back."""
    wide.keyboard.press("Tab")
    assert focused(wide) == "Go to the timetable"
    wide.keyboard.press("Enter")
    for _ in range(3):
        wide.keyboard.press("Tab")
        if focused(wide) == "Dora Invented":
            break
    assert focused(wide) == "Dora Invented"
    wide.keyboard.press("ArrowDown")
    assert focused(wide) == "Eva Invented"
    wide.keyboard.press("Enter")
    assert focused(wide) == "Eva Invented · G0002"
    details = wide.locator(".details").first.inner_text()
    for part in ("08:00–08:40 C0003", "50 min on the way", "together with Dora Invented"):
        assert part in details
    wide.keyboard.press("Tab")
    assert focused(wide) == "together with Dora Invented"
    wide.keyboard.press("Enter")
    assert focused(wide) == "Dora Invented · G0001"
    wide.keyboard.press("Escape")
    assert focused(wide) == "Eva Invented"
    assert wide.locator(".side.open").count() == 0


def test_filters_are_reached_and_left_by_keyboard(wide: Any) -> None:
    """What is typed leaves the lines that match; the button brings all back."""
    wide.locator("[name=text]").focus()
    wide.keyboard.type("cora")
    assert names(wide) == ["Dora Invented", "Eva Invented"]
    assert wide.locator("[data-stop].dim:visible").count() == 2
    wide.keyboard.press("Control+A")
    wide.keyboard.type("V0003")
    assert names(wide) == ["Eva Invented"]
    assert "Shifts shown: 1 of 4. Not served: 0." in wide.locator("output").inner_text()
    for _ in range(6):
        wide.keyboard.press("Tab")
        if focused(wide) == "Show all":
            break
    wide.keyboard.press("Enter")
    wide.locator("output", has_text="4 of 4").wait_for()
    assert names(wide) == ["Dora Invented", "Eva Invented", "G0003"]


@pytest.mark.parametrize(
    ("field", "value", "left"),
    [
        ("org", "ORG2", ["G0003"]),  # by organisation
        ("skill", "N:1", ["G0003"]),  # by qualification
        ("skill", "C:2", ["G0003"]),  # by level
        ("town", "west", ["Eva Invented", "G0003"]),  # whoever is there, or could be called
    ],
)
def test_lines_are_filtered(wide: Any, field: str, value: str, left: list[str]) -> None:
    """Each list of choices leaves the caregivers that it names."""
    wide.select_option(f"[name={field}]", value)
    assert names(wide) == left


def test_who_can_still_be_called_is_shown(wide: Any) -> None:
    """Caregivers on shift without a visit have a group of their own, and a filter."""
    assert "whom you can still call (1)" in wide.locator("tbody.free").inner_text()
    wide.check("[name=idle]")
    assert names(wide) == ["G0003"]
    wide.locator("tr.line:visible button").click()
    details = wide.locator(".details").first.inner_text()
    assert "No visit on this shift (06:00–14:00)." in details
    assert "care worker, grade 4, nurse" in details or "nurse, care worker, grade 4" in details


def test_the_chosen_route_is_on_the_map(wide: Any) -> None:
    """Its stops are numbered in the order of the day, and the map shows its surroundings."""
    whole = wide.locator(".map").first.get_attribute("viewBox")
    wide.locator("tr.line button").first.click()
    assert wide.locator(".chosen .number-text").all_text_contents() == ["1", "2"]
    assert wide.locator(".map").first.get_attribute("viewBox") != whole
    wide.locator(".zoom:visible").click()
    assert wide.locator(".map").first.get_attribute("viewBox") == whole


def test_hours_stay_visible(wide: Any) -> None:
    """However far one scrolls within the timetable, the hours stand above it."""
    wide.set_viewport_size({"width": 1280, "height": 220})
    wide.locator("tr.line").nth(2).scroll_into_view_if_needed()
    wide.evaluate("window.scrollBy(0, 40)")
    box = wide.locator("thead th").nth(-1)
    tops = wide.evaluate(
        "[...document.querySelectorAll('.timetable thead')].map("
        "one => one.querySelector('th').getBoundingClientRect().top)"
    )
    assert box.count() == 1
    assert tops[0] == 0


def test_a_finger_opens_details(phone: Any) -> None:
    """On a telephone a tap on a bar opens the stop, at the lower edge, and a tap closes it."""
    phone.locator("tr.line [data-stop]").nth(1).tap()
    side = phone.locator(".side.open")
    box = side.bounding_box()
    assert box["y"] + box["height"] == PHONE[1]
    assert "10:00–11:00" in phone.locator("li.chosen").inner_text()
    assert "必要" in side.inner_text()
    phone.locator(".close:visible").tap()
    assert side.count() == 0


def test_a_visit_left_out_is_explained(phone: Any) -> None:
    """Its reason and what may help stand in the details, too."""
    phone.locator("tr[data-visit] button").tap()
    details = phone.locator(".side.open .details").inner_text()
    assert "未找到有空的人" in details
    assert "可考虑的办法：增加" in details


def test_all_of_the_page_changes_its_language(wide: Any) -> None:
    """The button leaves no word of the other language, in lists of choices and details either."""
    wide.locator("tr.line button").first.click()
    wide.locator("#language").click()
    assert wide.locator("html").get_attribute("lang") == "zh-CN"
    assert wide.locator(".en:visible").count() == 0
    assert wide.locator("[name=town] option").first.inner_text() == "全部"
    assert "一起" in wide.locator(".details").first.inner_text()
    assert wide.locator(".map").first.get_attribute("aria-label").startswith("行程地图")


def test_one_day_is_shown_at_a_time(wide: Any) -> None:
    """The links lead from day to day."""
    assert names(wide) == ["Dora Invented", "Eva Invented", "G0003"]
    wide.locator(".days a").nth(1).click()
    assert names(wide) == ["Dora Invented"]
    assert wide.locator(".days a").nth(1).get_attribute("aria-current") == "date"
