"""The empty workbook that an office fills in, with rows that show how."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from optimizer.i18n import Lang
from optimizer.spreadsheets.columns import tables
from optimizer.spreadsheets.exporting import OwnTable, own_table
from optimizer.spreadsheets.office_settings import TEMPLATE_VERSION, VERSION_KEY
from optimizer.spreadsheets.record_cells import Cells
from optimizer.spreadsheets.sheets import Value
from optimizer.spreadsheets.words import document

_CLOCK = datetime.time
_DATED = ("id", "client", "date", "window_start", "window_end", "preferred_until", "minutes",
          "shortest", "carers", "services", "qualifications", "priority", "mandatory", "payer",
          "series", "pinned", "pinned_start", "active")  # fmt: skip
_WEEKLY = ("id", "client", "services", "frequency", "weekdays", "per_day", "window", "minutes",
           "shortest", "carers", "qualifications", "priority", "valid_from", "valid_until",
           "active")  # fmt: skip


def template_tables(lang: Lang, start: datetime.date) -> tuple[OwnTable, ...]:
    """Return the sheets of the empty workbook.

    Its rows are examples, marked so in the column of the status: they are not imported until
    somebody changes that, and then are a small office that can be planned.

    Parameters
    ----------
    lang
        Language of headings and examples.
    start
        The first day to plan, a Monday.
    """
    say = _ZH if lang == "zh" else _EN
    examples = _examples(say, start)
    shown = [
        own_table("settings", lang, _settings(lang, start)),
        *(
            _with_fields(own_table(name, lang, examples[name]), extra=("active",))
            for name in ("clients", "caregivers", "shifts")
        ),
        _visits({"zh": "上门服务", "en": "Visits"}[lang], _DATED, examples["visits"]),
        _visits({"zh": "每周需求", "en": "Weekly needs"}[lang], _WEEKLY, examples["needs"]),
        *(
            _with_fields(own_table(name, lang, examples[name]), extra=("active",))
            for name in ("organisations", "contracts")
        ),
        own_table("addresses", lang, examples["addresses"]),
    ]
    return tuple(shown)


def _with_fields(own: OwnTable, *, extra: Sequence[str]) -> OwnTable:
    more = tuple(own.table.fields[name] for name in extra if name in own.table.fields)
    return OwnTable(own.table, own.title, (*own.fields, *more), own.rows)


def _visits(title: str, fields: Sequence[str], rows: Sequence[Cells]) -> OwnTable:
    table = tables()["visits"]
    return OwnTable(table, title, tuple(table.fields[name] for name in fields), tuple(rows))


def _settings(lang: Lang, start: datetime.date) -> list[Cells]:
    values: dict[str, Value] = {
        "id": "office", "start": start, "days": 7, "time_zone": "Asia/Shanghai",
        "datum": "WGS-84", "earliest": _CLOCK(8),
        "latest": _CLOCK(17), "minutes": 45,
    }  # fmt: skip
    rows: list[Cells] = [
        {"key": entry[lang], "value": values.get(name), "note": entry[f"{lang}_note"]}
        for name, entry in document("words")["settings"].items()
    ]
    return [*rows, {"key": VERSION_KEY, "value": TEMPLATE_VERSION}]


_ZH = {
    "example": "示例", "liu": "刘示例", "chen": "陈示例", "wang": "王护理", "zhao": "赵护士",
    "office": "示例居家养老服务中心", "road": "示例路 1 号", "lane": "示例弄 2 号",
    "town": "示例街道", "door": "按门铃两次", "caution": "家中有狗", "bath": "上门助浴",
    "wash": "晨晚间护理", "clean": "助洁", "insulin": "胰岛素注射", "thrice": "每周3次",
    "daily": "每天", "morning": "上午", "days": "周一、周四", "all": "周一至周日",
    "high": "关键", "usual": "必要", "low": "可调整", "bike": "电动车", "woman": "女",
    "care": "四级", "nurse": "护士", "buyer": "示例区民政局", "flag": "独居",
}  # fmt: skip
_EN = {
    "example": "example", "liu": "Example Liu", "chen": "Example Chen", "wang": "Carer Wang",
    "zhao": "Nurse Zhao", "office": "Example home care", "road": "1 Example Road",
    "lane": "2 Example Lane", "town": "Exampleton", "door": "Ring twice",
    "caution": "There is a dog", "bath": "bathing at home",
    "wash": "washing, oral care and dressing", "clean": "housekeeping",
    "insulin": "insulin injection", "thrice": "3/week", "daily": "daily", "morning": "morning",
    "days": "Mon, Thu", "all": "Mon-Sun", "high": "critical", "usual": "essential",
    "low": "flexible", "bike": "ebike", "woman": "female", "care": "C/2", "nurse": "nurse",
    "buyer": "Example district", "flag": "alone",
}  # fmt: skip


def _examples(say: dict[str, str], start: datetime.date) -> dict[str, list[Cells]]:
    mark: Cells = {"active": say["example"]}
    rows: dict[str, list[Cells]] = {
        "clients": [
            {"id": "C0001", "name": say["liu"], "town": say["town"], "address": say["road"],
             "lat": 29.9512, "lon": 121.7131, "phone": "0574-0000001", "door": say["door"],
             "age": 82, "usual_start": _CLOCK(8, 30), "preferred": say["wang"],
             "flags": say["flag"]},
            {"id": "C0002", "name": say["chen"], "town": say["town"], "address": say["lane"],
             "lat": 29.9604, "lon": 121.7208, "phone": "0574-0000002",
             "caution": say["caution"], "age": 78, "gender_wish": say["woman"]},
        ],
        "caregivers": [
            {"id": "G001", "name": say["wang"], "lat": 29.9441, "lon": 121.7022,
             "organisation": say["office"], "qualifications": say["care"] + "; HK",
             "gender": say["woman"], "mode": say["bike"], "shift_start": _CLOCK(7, 30),
             "shift_end": _CLOCK(16, 30), "work_days": say["all"], "break_minutes": 30,
             "break_earliest": _CLOCK(11, 30), "break_latest": _CLOCK(13)},
            {"id": "G002", "name": say["zhao"], "lat": 29.9622, "lon": 121.7311,
             "organisation": say["office"], "qualifications": say["nurse"],
             "mode": say["bike"]},
        ],
        "shifts": [
            {"caregiver": say["zhao"], "date": start + datetime.timedelta(days=n),
             "start": _CLOCK(7), "end": _CLOCK(11)}
            for n in range(7)
        ],
        "visits": [
            {"id": "V0001", "client": say["liu"], "date": start, "window_start": _CLOCK(8),
             "window_end": _CLOCK(10), "preferred_until": _CLOCK(9), "minutes": 70, "carers": 1,
             "services": say["bath"], "qualifications": say["care"], "priority": say["usual"]},
        ],
        "needs": [
            {"id": "N01", "client": say["chen"], "services": say["insulin"],
             "frequency": say["daily"], "window": "7:00-8:00", "minutes": 15,
             "qualifications": say["nurse"], "priority": say["high"]},
            {"id": "N02", "client": say["chen"], "services": say["wash"],
             "frequency": say["thrice"], "window": say["morning"], "minutes": 40,
             "qualifications": say["care"], "priority": say["usual"]},
            {"id": "N03", "client": say["liu"], "services": say["clean"],
             "weekdays": say["days"], "window": "13:00-15:00", "minutes": 60, "shortest": 45,
             "qualifications": "HK", "priority": say["low"]},
        ],
        "organisations": [{"id": "O1", "name": say["office"]}],
        "contracts": [
            {"id": "K1", "purchaser": say["buyer"].replace(" ", "_"),
             "organisation": say["office"], "start": start.replace(month=1, day=1),
             "end": start.replace(month=12, day=31), "cap_hours": 400, "yuan_per_hour": 60},
        ],
    }  # fmt: skip
    marked = {name: [{**cells, **mark} for cells in listed] for name, listed in rows.items()}
    return {**marked, "addresses": []}
