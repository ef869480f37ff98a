"""Bad input to the commands of the purchaser's office: one clear error each, and nothing written.

Each row spoils one file, or one argument, of a folder that every command accepts. Every command
that reads it says so in both languages, names the place, and leaves all files as they were.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from optimizer.cli import run
from optimizer.domain.ledger import EntryKind
from optimizer.formats.ledger import Draft, append_entry
from tests.cli.conftest import Run
from tests.purchase.test_directory import USCC, entry
from tests.purchase.test_evaluation import LATE_V4, PLAN, complaint, survey
from tests.purchase.test_evidence import deliveries
from tests.purchase.test_time_bank import EARLIER, GIFTED, bank, order, with_volunteer
from tests.purchase.town import HARDSHIP, applies, office, town

POOL = {"id": "p", "tier": "lottery", "amount_fen": 5_000_000, "start": "2026-01-01",
        "end": "2026-12-31"}  # fmt: skip
PERMIT = {"code": "elder-care", "number": "P-1", "start": "2024-01-01", "end": "2026-12-31"}

COMMANDS: dict[str, tuple[str, ...]] = {
    "admit": ("office", "admit", "day", "office", "-o", "out/bought.json"),
    "purses": ("office", "purses", "day", "office"),
    "directory": ("office", "directory", "day", "office", "--rules", "rules", "-o", "out/r.json"),
    "allocate": (
        *("allocate", "day", "rules", "-o", "out/a.json", "--log", "out/log.json"),
        *("--ledger", "ledger.jsonl"),
    ),
    "cascade": (
        *("office", "cascade", "day", "plan", "--office", "office", "--allocation", "rules"),
        *("--deliveries", "came", "-o", "out/c.html"),
    ),
    "settle": (
        *("office", "settle", "day", "plan", "came", "--office", "office", "-o", "out/b.xlsx"),
        *("--ledger", "ledger.jsonl"),
    ),
    "bill": (
        *("office", "bill", "day", "plan", "came", "--office", "office", "--before", "paid"),
        *("-o", "out/bill.json", "--tables", "out/bill.zip"),
    ),
    "evaluate": (
        *("office", "evaluate", "day", "plan", "came", "--office", "office", "--supervision"),
        *("heard", "--rules", "rules", "--next", "out/next.json", "-o", "out/e.zip"),
        *("--ledger", "ledger.jsonl"),
    ),
    "checks": ("office", "checks", "day", "plan", "came", "--office", "office", "-o", "out/c.csv"),
    "publish": (
        *("office", "publish", "day", "plan", "came", "--office", "office", "--supervision"),
        *("heard", "-o", "out/p.zip"),
    ),
    "show": ("office", "timebank", "show", "bank", "--scenario", "helped"),
    "grant": ("office", "timebank", "grant", "helped", "bank", "-o", "out/g.json"),
    "book": (
        *("office", "timebank", "book", "bank", "--by", "desk", "--day", "2026-03-05"),
        *("-o", "out/bank.json"),
    ),
    "audit": ("office", "audit", "ledger.jsonl", ".", "--against", "copy.jsonl"),
}
"Every command of the group that reads these files, writing whatever it can write."

OFFICE = ("admit", "purses", "directory", "cascade", "settle", "bill", "evaluate", "checks",
          "publish")  # fmt: skip
ROSTER = ("cascade", "settle", "bill", "evaluate", "checks", "publish")
BANK = ("show", "grant", "book")

Change = Callable[[Any], Any]


def put(**fields: Any) -> Change:
    """Return a change that gives a document other fields."""
    return lambda document: {**document, **fields}


def at(name: str, place: int, **fields: Any) -> Change:
    """Return a change of one record of a list."""

    def change(document: Any) -> Any:
        document[name][place] |= fields
        return document

    return change


def drop(name: str) -> Change:
    """Return a change that takes a field away."""
    return lambda document: {key: value for key, value in document.items() if key != name}


def add(name: str, record: Any) -> Change:
    """Return a change that lengthens a list."""
    return lambda document: {**document, name: [*document.get(name, []), record]}


def text(written: str) -> Change:
    """Return a change that leaves something else than a document."""
    return lambda _document: written


CAME = {"visit": "V1", "date": "2026-03-02", "caregiver": "G1", "start": "08:30", "end": "09:00"}
TERM = {"payer": "civil", "start": "2026-01-01", "fen_per_hour": 2000}
BAD: dict[str, tuple[str, Change, tuple[str, ...], str]] = {
    # The office
    "empty file": ("office", text(""), OFFICE, "office.json"),
    "torn file": ("office", text('{"id": "office", "categories": ['), OFFICE, "office.json"),
    "a list instead": ("office", text("[]"), OFFICE, "office.json"),
    "not UTF-8": ("office", text("\udcff\udcfe"), OFFICE, "office.json"),
    "another format": ("office", put(format="homecare-plan"), OFFICE, "homecare-plan"),
    "later version": ("office", put(version="9"), OFFICE, "9"),
    "misspelt field": ("office", put(categorys=[]), OFFICE, "categorys"),
    "no categories": ("office", drop("categories"), OFFICE, "categories"),
    "category twice": ("office", add("categories", HARDSHIP), OFFICE, "categories[3]"),
    "ages turned round": (
        *("office", at("categories", 0, test={"min_age": 75, "max_age": 60}), OFFICE),
        "categories[0].test.min_age",
    ),
    "category that ends first": (
        *("office", at("categories", 0, end="2025-12-31"), OFFICE, "categories[0].end"),
    ),
    "no date": ("office", at("categories", 0, start="March"), OFFICE, "categories[0].start"),
    "minutes below nothing": (
        *("office", at("categories", 0, monthly_minutes=-1), OFFICE),
        "categories[0].monthly_minutes",
    ),
    "unknown applicant": (
        *("office", add("applications", applies("C9")), OFFICE, "applications[1].client"),
    ),
    "applied twice": ("office", add("applications", applies("C1")), OFFICE, "applications[1]"),
    "back from the dead": (
        "office",
        at("applications", 0, changes=[{"state": "deceased", "date": "2026-02-01"},
                                       {"state": "home", "date": "2026-02-09"}]),
        OFFICE,
        "applications[0].changes[1].date",
    ),
    "unknown price book": ("office", put(price_book="zh2099"), OFFICE, "price_book"),
    "pool without amount": (
        *("office", put(pools=[{**POOL, "amount_fen": None}]), OFFICE, "pools[0].amount_fen"),
    ),
    "pool of yuan and fen": (
        *("office", put(pools=[{**POOL, "amount_fen": 12.5}]), OFFICE, "pools[0].amount_fen"),
    ),
    "pool of an unknown tier": (
        *("office", put(pools=[{**POOL, "tier": "bank"}]), OFFICE, "pools[0].tier"),
    ),
    "pool twice": ("office", put(pools=[POOL, POOL]), OFFICE, "pools[1]"),
    "pool spent over its amount": (
        *("office", put(pools=[{**POOL, "spent_fen": 5_000_001}]), OFFICE, "pools[0].spent_fen"),
    ),
    "pool of an unknown town": (
        *("office", put(pools=[{**POOL, "towns": ["north"]}]), OFFICE, "pools[0].towns[0]"),
    ),
    "split that is not 100": (
        "office",
        put(pools=[{**POOL, "mode": "split", "percent": 60},
                   {**POOL, "id": "q", "mode": "split", "percent": 39}]),
        OFFICE,
        "pools",
    ),
    "per unit without amount": (
        *("office", put(pools=[{**POOL, "mode": "per_unit"}]), OFFICE, "pools[0].fen_per_visit"),
    ),
    "pools without a draw": ("office", drop("draw"), OFFICE, "draw"),
    "contractor nobody knows": (
        *("office", add("contractors", entry(organisation="O9")), OFFICE),
        "contractors[1].organisation",
    ),
    "wrong check sign": (
        *("office", at("contractors", 0, uscc=USCC[:-1] + "0"), OFFICE, "contractors[0].uscc"),
    ),
    "permit turned round": (
        *("office", at("contractors", 0, permits=[{**PERMIT, "end": "2023-01-01"}]), OFFICE),
        "contractors[0].permits[0].end",
    ),
    "graded before two years": (
        "office",
        at("contractors", 0, grade={"level": 3, "granted_on": "2016-01-01"}),
        OFFICE,
        "contractors[0].grade.granted_on",
    ),
    "least above full": (
        *("office", put(terms={"least_percent": 95}), OFFICE, "terms.least_percent"),
    ),
    "price of no contract": (
        *("office", put(terms={"prices": [{**TERM, "contract": "K9"}]}), OFFICE),
        "terms.prices[0].contract",
    ),
    "weights that are not 100": (
        "office",
        put(evaluation={"indicators": [
            {"indicator": "completion", "weight": 99, "zero": 85, "full": 98, "least": 30}]}),
        OFFICE,
        "evaluation.indicators",
    ),
    "indicator nobody knows": (
        "office",
        put(evaluation={"indicators": [
            {"indicator": "smile", "weight": 100, "zero": 85, "full": 98, "least": 30}]}),
        OFFICE,
        "evaluation.indicators[0].indicator",
    ),
    # The rules of allocation
    "rules without a draw": ("rules", drop("draw"), ("allocate", "directory", "evaluate"), "draw"),
    "share of nobody": (
        "rules", put(bodies=[{"organisation": "O9"}]), ("allocate", "directory", "cascade"),
        "bodies[0].organisation",
    ),
    "body twice": (
        *("rules", put(bodies=2 * [{"organisation": "O1"}]), ("allocate",), "bodies[1]"),
    ),
    "choice of a stranger": (
        "rules", put(wishes=[{"client": "C9", "ranked": ["O1"]}]), ("allocate",),
        "wishes[0].client",
    ),
    "unknown mode": ("rules", put(mode="alphabet"), ("allocate",), "mode"),
    # What took place
    "evidence for an unknown visit": (
        *("came", add("deliveries", {**CAME, "visit": "V9"}), ROSTER, "deliveries[3].visit"),
    ),
    "evidence twice": ("came", add("deliveries", CAME), ROSTER, "deliveries[3]"),
    "out before in": (
        *("came", at("deliveries", 0, end="08:00"), ROSTER, "deliveries[0].end"),
    ),
    "came on another day": (
        *("came", at("deliveries", 0, date="2026-04-02"), ROSTER, "deliveries[0].date"),
    ),
    "by a stranger": (
        *("came", at("deliveries", 0, caregiver="G9"), ROSTER, "deliveries[0].caregiver"),
    ),
    "third carer": ("came", at("deliveries", 0, carer=2), ROSTER, "deliveries[0].carer"),
    "done without times": (
        *("came", at("deliveries", 0, start=None), ROSTER, "deliveries[0].start"),
    ),
    "times of what did not take place": (
        *("came", at("deliveries", 0, occurrence="hospital"), ROSTER, "deliveries[0].start"),
    ),
    "place off the earth": (
        "came", at("deliveries", 0, position={"lat": 300, "lon": 121.6}), ROSTER,
        "deliveries[0].position.lat",
    ),
    "evidence of another town": ("came", put(scenario="city"), ROSTER, "scenario"),
    "ruling on nothing": (
        "came", put(rulings=[{"visit": "V3", "doubt": "short", "outcome": "upheld"}]), ROSTER,
        "rulings[0]",
    ),
    "ruling on a doubt nobody knows": (
        "came", put(rulings=[{"visit": "V1", "doubt": "ghost", "outcome": "upheld"}]), ROSTER,
        "rulings[0].doubt",
    ),
    # The roster and the scenario
    "stop at no visit": (
        "plan",
        lambda plan: json.loads(json.dumps(plan).replace('"V1"', '"V8"')),
        ROSTER,
        "V8",
    ),
    "contract of nobody": (
        *("day", at("contracts", 0, organisation="O9"), ("admit", *ROSTER, "allocate")),
        "contracts[0].organisation",
    ),
    "contract that ends first": (
        *("day", at("contracts", 0, end="2025-01-01"), ("admit", *ROSTER, "allocate")),
        "contracts[0]",
    ),
    "no organisations": (
        "day",
        lambda day: {
            **drop("organisations")(drop("contracts")(day)),
            "caregivers": [drop("organisation")(one) for one in day["caregivers"]],
        },
        ("allocate",),
        "day.json",
    ),
    # What was heard
    "complaint about nobody": (
        "heard", at("complaints", 0, organisation="O9"), ("evaluate", "publish"),
        "complaints[0].organisation",
    ),
    "who has complained": (
        "heard", at("complaints", 0, complainant="somebody"), ("evaluate", "publish"),
        "complaints[0].complainant",
    ),
    "closed before received": (
        "heard", at("complaints", 0, closed="2026-03-01"), ("evaluate", "publish"),
        "complaints[0].closed",
    ),
    "more content than asked": (
        "heard", at("surveys", 0, content=99), ("evaluate", "publish"), "surveys[0].content",
    ),
    # Bills and ledgers
    "bill edited by hand": ("paid", at("lines", 0, paid_fen=1), ("bill",), "paid.json"),
    "bill of another town": ("paid", put(scenario="city"), ("bill",), "city"),
    "edited history": (
        "ledger.jsonl",
        lambda lines: lines.replace('"n":1', '"n":2'),
        ("audit", "allocate", "settle", "evaluate"),
        "entries[0]",
    ),
    "entry taken out": (
        "ledger.jsonl",
        lambda lines: lines.partition("\n")[2],
        ("audit", "allocate", "settle", "evaluate"),
        "entries[0]",
    ),
    "a line that is none": (
        *("ledger.jsonl", lambda lines: lines + "x\n", ("audit", "settle"), "entries[2]"),
    ),
    "two ledgers that fork": (
        *("copy.jsonl", text("FORK"), ("audit",), "entries[1]"),
    ),
    # The time bank
    "balance without cover": (
        "bank",
        add("transfers", {"id": "T9", "giver": "old", "receiver": "pool", "minutes": 9_000,
                          "reason": "donation", "date": "2026-03-05", "by": "desk"}),
        BANK,
        "transfers[",
    ),
    "gift to a stranger": (
        "bank",
        add("transfers", {"id": "T9", "giver": "old", "receiver": "giver", "minutes": 1,
                          "reason": "gift", "date": "2026-03-05", "by": "desk"}),
        BANK,
        "transfers[",
    ),
    "interest": ("bank", put(interest=3), BANK, "interest"),
    "order of nobody": ("bank", at("orders", 0, member="nobody"), BANK, "orders[0].member"),
    "second pool": (
        *("bank", add("accounts", {"id": "x", "kind": "pool"}), BANK, ".kind"),
    ),
    "minutes in parts": (
        *("bank", at("orders", 0, minutes=12.5), BANK, "orders[0].minutes"),
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder in which every command finds what it reads."""
    folder = tmp_path_factory.mktemp("sound")
    of = office(
        applies("C1", hardship="low_income"),
        pools=[POOL],
        draw="3D: 385",
        contractors=[entry(permits=[PERMIT])],
    )
    held = bank(*GIFTED, orders=[EARLIER, order(1, minutes=40)], rules={"issued_minutes": 240})
    records = {
        "day": town(),
        "plan": PLAN,
        "came": deliveries(*LATE_V4),
        "office": of,
        "bank": held,
        "helped": with_volunteer(),
    }
    for name, record in records.items():
        content = json.loads(record.model_dump_json(exclude_none=True))
        (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    heard = {"complaints": [complaint()], "surveys": [survey(15)]}
    (folder / "heard.json").write_text(json.dumps(heard), encoding="utf-8")
    (folder / "rules.json").write_text('{"period": "2026-03", "draw": "3D: 385"}', "utf-8")
    for number in (1, 2):
        draft = Draft(EntryKind.SETTLEMENT, f"day{number}", None, {}, {"n": number})
        append_entry(folder / "ledger.jsonl", draft)
    shutil.copy(folder / "ledger.jsonl", folder / "copy.jsonl")
    (folder / "out").mkdir()
    read = [str(folder / f"{name}.json") for name in ("day", "plan", "came")]
    more = ["--office", str(folder / "office.json"), "-o", str(folder / "paid.json")]
    assert run(["office", "bill", *read, *more]) == 0
    return folder


@pytest.fixture
def folder(sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a copy of it, which may be spoilt, as the folder that commands run in."""
    copy = tmp_path / "office"
    shutil.copytree(sound, copy)
    monkeypatch.chdir(copy)
    return copy


def called(command: str) -> list[str]:
    """Return the words of a command."""
    files = {"day", "plan", "came", "office", "rules", "heard", "bank", "helped", "paid"}
    head, *rest = COMMANDS[command]
    second, rest = ([rest[0]], rest[1:]) if head == "office" else ([], rest)
    words = [f"{word}.json" if word in files else word for word in rest]
    return [head, *second, *words]


def contents(folder: Path) -> dict[str, bytes]:
    """Return what is in a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def spoil(folder: Path, name: str, change: Change) -> None:
    """Change a file of the folder."""
    if name.endswith(".jsonl"):
        path = folder / name
        told = change(path.read_text(encoding="utf-8"))
        if told == "FORK":
            path.unlink()
            for number in (1, 3):
                draft = Draft(EntryKind.SETTLEMENT, f"day{number}", None, {}, {"n": number})
                append_entry(path, draft)
            return
        path.write_text(told, encoding="utf-8")
        return
    path = folder / f"{name}.json"
    told = change(json.loads(path.read_text(encoding="utf-8")))
    written = told if isinstance(told, str) else json.dumps(told)
    path.write_bytes(written.encode("utf-8", "surrogateescape"))


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_sound_input_is_accepted(command: str, homecare: Run, folder: Path) -> None:
    """Each command works on the folder that the rows spoil: what they break is what they say."""
    code, _, err = homecare(*called(command))
    assert code == 0, err


def pairs() -> list[Any]:
    """Return rows with the commands that read their file: two of them, in turn, all in a sweep.

    Of the two one speaks English and one Chinese; in a sweep each speaks both.
    """
    made = []
    for n, row in enumerate(sorted(BAD)):
        commands = BAD[row][2]
        for k, lang in enumerate(("en", "zh")):
            usual = commands[(n + k) % len(commands)]
            made += [
                pytest.param(
                    *(row, one, lang), marks=() if one == usual else pytest.mark.sweep,
                    id=f"{row}-{one}-{lang}",
                )
                for one in commands
            ]  # fmt: skip
    return made


@pytest.mark.parametrize(("row", "command", "lang"), pairs())
def test_one_clear_error_and_nothing_written(
    row: str, command: str, lang: str, homecare: Run, folder: Path
) -> None:
    """A command that reads the file says what is wrong and where, and changes nothing."""
    name, change, _, place = BAD[row]
    spoil(folder, name, change)
    before = contents(folder)
    code, out, err = homecare(*called(command), "--lang", lang)
    assert code in {2, 3}, (out, err)
    assert place in err
    assert "Traceback" not in err
    assert any("\u4e00" <= sign <= "\u9fff" for sign in err) == (lang == "zh"), err
    assert contents(folder) == before


def test_there_are_sixty_kinds() -> None:
    """The table holds at least sixty kinds, and every command of the group is in one of them."""
    assert len(BAD) >= 60
    assert {command for _, _, commands, _ in BAD.values() for command in commands} == set(COMMANDS)


def test_all_faults_of_a_file_come_at_once(homecare: Run, folder: Path) -> None:
    """Faults of one document in several places are told together, in its order."""
    spoil(folder, "office", put(price_book="zh2099"))
    spoil(folder, "office", at("categories", 0, end="2025-12-31"))
    spoil(folder, "office", add("applications", applies("C9")))
    spoil(folder, "office", put(pools=[{**POOL, "spent_fen": 5_000_001}]))
    for command in ("admit", "settle"):
        code, _, err = homecare(*called(command))
        assert code == 3
        places = ["price_book", "categories[0].end", "applications[1].client", "pools[0].spent_fen"]
        assert [err.index(place) for place in places] == sorted(err.index(one) for one in places)


WRONG: dict[str, tuple[tuple[str, ...], str]] = {
    "no such file": (("office", "admit", "gone.json", "office.json"), "gone.json"),
    "output onto input": (
        ("office", "admit", "day.json", "office.json", "-o", "day.json"), "day.json",
    ),
    "output into no folder": (
        ("office", "admit", "day.json", "office.json", "-o", "none/b.json"), "none",
    ),
    "ending nobody writes": (
        ("office", "settle", "day.json", "plan.json", "came.json", "-o", "out/b.pdf"), "b.pdf",
    ),
    "client nobody knows": (
        ("office", "admit", "day.json", "office.json", "--client", "C9"), "C9",
    ),
    "day that is none": (("office", "directory", "day.json", "office.json", "--day", "May"), "May"),
    "rules without output": (
        ("office", "directory", "day.json", "office.json", "--rules", "rules.json"), "-o",
    ),
    "deliveries without roster": (
        ("office", "cascade", "day.json", "--deliveries", "came.json"), "",
    ),
    "by what nobody counts": (("office", "cascade", "day.json", "--by", "colour"), "colour"),
    "correction of nothing": (
        ("office", "settle", "day.json", "plan.json", "came.json", "--ledger", "ledger.jsonl",
         "--correct", "a reason"), "town",
    ),
    "correction without ledger": (
        ("office", "settle", "day.json", "plan.json", "came.json", "--correct", "reason"),
        "--correct",
    ),
    "ledger of another ending": (
        ("office", "settle", "day.json", "plan.json", "came.json", "--ledger", "l.json"), "l.json",
    ),
    "ledger that is an input": (
        ("office", "settle", "day.json", "plan.json", "ledger.jsonl", "--ledger", "ledger.jsonl"),
        "ledger.jsonl",
    ),
    "two words for three files": (
        ("office", "evaluate", "day.json", "plan.json", "came.json", "--office", "office.json",
         "--also", "day.json,plan.json"), "day.json,plan.json",
    ),
    "next without rules": (
        ("office", "evaluate", "day.json", "plan.json", "came.json", "--office", "office.json",
         "--next", "out/n.json"), "--next",
    ),
    "folder that is no district": (("office", "demo", "out", "-o", "out/demo"), "out"),
    "minutes to nobody": (
        ("office", "timebank", "move", "bank.json", "--from", "old", "--to", "nobody", "--minutes",
         "5", "--reason", "gift", "--by", "desk", "--day", "2026-03-05", "-o", "out/b.json"),
        "nobody",
    ),
    "reason nobody knows": (
        ("office", "timebank", "move", "bank.json", "--from", "old", "--to", "pool", "--minutes",
         "5", "--reason", "sale", "--by", "desk", "--day", "2026-03-05", "-o", "out/b.json"),
        "sale",
    ),
}  # fmt: skip


@pytest.mark.parametrize("row", sorted(WRONG))
def test_wrong_words_are_told_before_anything_is_written(
    row: str, homecare: Run, folder: Path
) -> None:
    """Each wrong use is one sentence in both languages, and all files stay as they were."""
    words, said = WRONG[row]
    before = contents(folder)
    for lang in ("en", "zh"):
        code, _, err = homecare(*words, "--lang", lang)
        assert code in {2, 3}, (lang, err)
        assert said in err, (lang, err)
        assert any("\u4e00" <= sign <= "\u9fff" for sign in err) == (lang == "zh"), (lang, err)
    assert contents(folder) == before
