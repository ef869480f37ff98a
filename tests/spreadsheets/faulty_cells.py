"""What can be wrong with the cells of an office that is otherwise sound, and where it is told."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from optimizer.spreadsheets.sheets import Sheet, column_number
from tests.spreadsheets.workbooks import sheet

DAY = datetime.date(2026, 3, 2)

CLIENTS = (
    "服务对象",
    ["编号", "姓名", "纬度", "经度", "住址", "年龄", "需求档", "护理员性别意愿", "意向护理员",
     "拒绝的护理员", "习惯时段", "连续性", "标记", "服务机构", "镇", "坐标"],
    ["C0001", "甲示例", 29.951, 121.713, "示例路1号", 82.0, 2.0, "女", "王示例", None,
     datetime.time(8, 30), 2.0, "独居", "示例中心", "示例街道"],
    ["C0002", "乙示例", 29.962, 121.722, "示例路2号"],
)  # fmt: skip
CAREGIVERS = (
    "护理员",
    ["编号", "姓名", "纬度", "经度", "资质", "性别", "出行方式", "每日工时（小时）",
     "可加班（分钟）", "休息时长（分钟）", "最早休息", "最晚休息", "工资（元/小时）", "志愿者",
     "上班时间", "下班时间", "工作日", "每日上门上限"],
    ["G001", "王示例", 29.944, 121.702, "四级", "女", "电动车", 8.0, 30.0, 30.0,
     datetime.time(11, 30), datetime.time(13), 30.0, "否"],
    ["G002", "赵示例", 29.945, 121.703, "护士"],
)  # fmt: skip
SHIFTS = (
    "班次",
    ["护理员", "日期", "星期", "开始", "结束", "出勤类型"],
    ["王示例", DAY, None, datetime.time(7, 30), datetime.time(16, 30), "上班"],
    ["赵示例", None, "周一", datetime.time(7), datetime.time(12), None],
)
VISITS = (
    "上门服务",
    ["编号", "服务对象", "日期", "最早开始", "最晚开始", "期望最晚时间", "时长（分钟）",
     "最短时长（分钟）", "护理员人数", "服务项目", "资质要求", "优先级", "必须完成", "锁定护理员",
     "锁定开始", "支付方", "时段", "开始时间", "结束时间", "可提前或推迟（分钟）",
     "频次", "星期", "每天次数", "生效日期"],
    ["V0001", "甲示例", DAY, datetime.time(8), datetime.time(10), datetime.time(9), 60.0, 45.0, 1.0,
     "上门助浴", "四级", "必要", "是", "王示例"],
    ["V0002", "乙示例", DAY, datetime.time(9), datetime.time(11), None, 30.0],
    ["V0003", "乙示例", None, None, None, None, 30.0, *[None] * 10, datetime.time(10)],
)  # fmt: skip
CONTRACTS = (
    "合同",
    ["编号", "购买主体", "服务机构", "开始日期", "结束日期", "上限（小时）", "上限（次）",
     "价格（元/小时）", "最低份额（%）"],
    ["K1", "示例区", "示例中心", datetime.date(2026, 1, 1), datetime.date(2026, 12, 31), 400.0,
     None, 60.0, 10.0],
)  # fmt: skip
ORGANISATIONS = ("服务机构", ["编号", "名称", "借调价（元/小时）"], ["O1", "示例中心", 70.0])
SETTINGS = (
    "设置",
    ["设置项", "值"],
    ["第一天", DAY],
    ["天数", 7.0],
    ["坐标系", "WGS-84"],
    ["一天最早开始", datetime.time(8)],
)
SOUND = (SETTINGS, CLIENTS, CAREGIVERS, SHIFTS, VISITS, CONTRACTS, ORGANISATIONS)

FAULTS: list[tuple[str, Any, str]] = [
    # Cell, what is written there, code of the fault that is told of this cell.
    ("服务对象!A3", "C0001", "repeated-row"),  # two people with one number
    ("服务对象!C2", "北纬", "bad-coordinate"),  # words for a latitude
    ("服务对象!C2", 121.713, "bad-coordinate"),  # the longitude twice: no latitude beyond 90
    ("服务对象!C2", 1000.0, "bad-coordinate"),  # degrees that there are not
    ("服务对象!D2", None, "empty-cell"),  # half a point
    ("服务对象!D2", "121,71,3", "bad-coordinate"),  # two commas
    ("服务对象!F2", "八十", "bad-number"),  # a number in words
    ("服务对象!F2", 82.5, "bad-number"),  # half a year
    ("服务对象!F2", 200.0, "out-of-range"),  # older than anybody
    ("服务对象!G2", 9.0, "out-of-range"),  # a tier that there is not
    ("服务对象!H2", "随便", "bad-word"),  # no gender
    ("服务对象!I2", "王示列", "unknown-name"),  # a slip of the pen
    ("服务对象!K2", "8.5", "bad-time"),  # half past eight or ten to nine
    ("服务对象!L2", 50.0, "out-of-range"),  # a factor beyond ten
    ("服务对象!M2", "凶", "bad-word"),  # no flag
    ("服务对象!N2", "别的中心", "unknown-name"),  # an organisation without a row
    ("服务对象!O2", "长" * 50, "bad-code"),  # too long for a code
    ("护理员!C2", "x", "bad-coordinate"),
    ("护理员!E2", "级" * 50, "bad-code"),
    ("护理员!F2", "不详", "bad-word"),
    ("护理员!G2", "直升机", "bad-word"),  # a helicopter
    ("护理员!H2", "八小时吧", "bad-length"),
    ("护理员!I2", -30.0, "bad-length"),  # less than nothing
    ("护理员!J2", "很久", "bad-length"),
    ("护理员!K2", "25:00", "bad-time"),
    ("护理员!L2", datetime.time(11), "break-reversed"),  # before it may begin
    ("护理员!M2", -1.0, "bad-number"),
    ("护理员!N2", "也许", "bad-word"),  # neither yes nor no
    ("护理员!O2", "早八点来", "bad-time"),
    ("护理员!Q2", "周八", "bad-weekday"),
    ("护理员!R2", 3.5, "bad-number"),  # half a visit
    ("班次!A2", "李示例", "unknown-name"),  # nobody
    ("班次!A2", None, "empty-cell"),
    ("班次!B2", "2026-02-30", "bad-day"),  # not in the calendar
    ("班次!B2", "3/2/2026", "bad-day"),  # March or February
    ("班次!C3", "周", "bad-weekday"),
    ("班次!D2", "八点", "bad-time"),
    ("班次!D2", None, "empty-cell"),
    ("班次!E2", None, "empty-cell"),
    ("班次!E2", "24:30", "bad-time"),
    ("班次!F2", "不知道", "bad-word"),
    ("上门服务!A3", "V0001", "repeated-row"),
    ("上门服务!B2", "丁示例", "unknown-name"),
    ("上门服务!B2", None, "empty-cell"),
    ("上门服务!C2", "明天", "bad-day"),
    ("上门服务!D2", "8点75分", "bad-time"),
    ("上门服务!E2", datetime.time(7), "window-reversed"),  # before the earliest start
    ("上门服务!F2", datetime.time(11), "preferred-outside-window"),
    ("上门服务!G2", 0.0, "empty-duration"),
    ("上门服务!G2", "一会儿", "bad-length"),
    ("上门服务!H2", 90.0, "shortest-too-long"),
    ("上门服务!I2", 3.0, "bad-number"),  # three carers
    ("上门服务!J2", "浴" * 50, "bad-code"),
    ("上门服务!K2", "级" * 50, "bad-code"),
    ("上门服务!L2", "最最重要", "bad-word"),
    ("上门服务!L2", 11.0, "bad-word"),  # beyond ten
    ("上门服务!M2", "大概", "bad-word"),
    ("上门服务!N2", "李示例", "unknown-name"),
    ("上门服务!O2", "x", "bad-time"),
    ("上门服务!P2", "LTCI", "unknown-payer"),  # who grants the client nothing
    ("上门服务!Q4", "随时随地", "bad-time"),
    ("上门服务!R4", "8:60", "bad-time"),
    ("上门服务!T4", "灵活", "bad-length"),
    ("上门服务!U4", "偶尔", "bad-frequency"),
    ("上门服务!V4", "礼拜九", "bad-weekday"),
    ("上门服务!W4", "多次", "bad-number"),
    ("合同!C2", "别的中心", "unknown-name"),
    ("合同!D2", None, "empty-cell"),
    ("合同!E2", datetime.date(2025, 12, 31), "period-reversed"),  # ends before it begins
    ("合同!F2", "不限", "bad-length"),
    ("合同!H2", "面议", "bad-number"),
    ("合同!I2", 120.0, "out-of-range"),  # more than all
    ("服务机构!C2", "面议", "bad-number"),
    ("设置!B2", "下周一", "bad-day"),
    ("设置!B3", 40.0, "bad-number"),  # more days than can be planned
    ("设置!B4", "北京54", "bad-word"),  # a datum that is not known
    ("设置!B5", "清早", "bad-time"),
]


def office_with(*changes: tuple[str, Any]) -> list[Sheet]:
    """Return the sound office with other values in some cells."""
    written = dict(changes)
    return [_changed(each, written) for each in SOUND]


def _changed(content: Sequence[Any], written: dict[str, Any]) -> Sheet:
    name, *rows = content
    grid = [list(row) + [None] * (26 - len(row)) for row in rows]
    for place, value in written.items():
        at, _, cell = place.partition("!")
        if at == name:
            grid[int(cell[1:]) - 1][column_number(cell[0])] = value
    return sheet(name, *grid)
