"""The shapes in which offices keep their lists, each as invented files of our own.

The column names are those that programs and offices use; all people, places and times are made up.
"""

from __future__ import annotations

VISITS_SV = """\
visitId,clientId,clientName,visitDate,serviceDuration,originalStartTime,flexibilityMinutes,\
preferredFlexibilityMinutes,skills,serviceArea,priority,mandatory,requiredStaff,movable,\
continuity,contactPerson,visitAddress,visitLocationLat,visitLocationLng,plannedEmployee,\
plannedShiftStart,plannedShiftEnd,actualStart,transportType
B1,K10,Astrid Påhittad,2026-03-02,PT30M,08:00,15,10,Undersköterska,Norr,2,true,1,false,3,,\
Påhittsgatan 1,59.33,18.05,P7,07:00,15:00,,bil
B2,K11,Bo Påhittad,2026-03-02,PT45M,09:30,30,,Undersköterska,Norr,5,false,2,false,3,,\
Påhittsgatan 2,59.34,18.06,P7,07:00,15:00,,bil
B3,K10,Astrid Påhittad,2026-03-02,PT30M,12:00,15,,Sjuksköterska,Norr,9,false,1,false,3,,\
Påhittsgatan 1,59.33,18.05,P8,07:00,16:00,,cykel
"""

RECURRING_SV = """\
kundId;kundnamn;visitTitle;category;frequencyPeriod;daysInPeriod;occasionsDay;durationMinutes;\
isDubbelbemanning;validFrom;validTo;allowedWindowStart;allowedWindowEnd;orderNumber;lat;lon
K1;Cecilia Påhittad;Morgon;daily;;;1;30;nej;2026-01-01;2026-12-31;;;O1;59,33;18,05
K1;Cecilia Påhittad;Lunch;recurring;week;5;1;25;nej;2026-01-01;;11:00;13:00;O2;59,33;18,05
K2;David Påhittad;Städ;recurring;month;2;1;90;ja;2026-01-01;;08:00;15:00;O3;59,34;18,06
"""

HARD_SV = """\
Kundnr;Kund namn;Insats;Längd min;Frekvenz;Tid;Tid;Kompetens;Aktiv;Latitud;Longitud;Övrigt
101;Eva Påhittad;Dusch;45,0;Varje vecka, mån;09:00-11:00;;usk, ssk;Ja;59,3301;18,0502;ok
102;Filip Påhittad;Städ;90;Varannan vecka, ons;;13:00-15:00;;Ja;59,3402;18,0603;
103;Greta Påhittad;Tvätt;30;Varje vecka, fre;10:00;;;Nej;59,3503;18,0704;avslutad
"""

PILOT_EN = """\
ObjectID,Address,Duration,TimeWindowStart,TimeWindowEnd,Flexibility,Doubling,Frequency,Priority,\
VisitType,EmployeeID
1,1 Made-up Lane,30,08:00,10:00,15,no,daily,1,personal care,E1
2,2 Made-up Lane,45,10:00,12:00,15,yes,3/week,5,bathing,E1
3,1 Made-up Lane,20,17:00,19:00,15,no,"Mon, Thu",8,medication,E2
"""

PILOT_ADDRESSES = """\
Address,Lat,Lng
1 Made-up Lane,52.10,5.10
2 Made-up Lane,52.11,5.12
"""

OFFICE_US = {
    "caregivers": """\
Name,Base Location,Min Hours,Max Hours
Ann Invented,North Depot,10,30
Ben Invented,South Depot,5,20
""",
    "availability": """\
Caregiver Name,Day,Start,End,Availability Type
Ann Invented,Monday,8:00 AM,4:00 PM,Available
Ann Invented,Tuesday,8:00 AM,12:00 PM,Preferred
Ben Invented,Monday,12:00 PM,6:00 PM,Available
Ben Invented,Tuesday,12:00 PM,6:00 PM,Unavailable
""",
    "clients": """\
Name,Base Location,Importance,Preferred Caregivers
Cora Invented,7 Invented Street,High,Ann Invented
Dan Invented,9 Invented Street,Low,"Ann Invented, Ben Invented"
""",
    "fixed_shifts": """\
Client Name,Day,Start,End
Cora Invented,Monday,9:00 AM,10:30 AM
Dan Invented,Tuesday,1:00 PM,2:00 PM
""",
    "flexible_shifts": """\
Client Name,Length (hrs),Number of Shifts,Start Day,End Day,Start Time,End Time
Dan Invented,1.5,2,Monday,Friday,9:00 AM,5:00 PM
""",
    "addresses": """\
Location,Latitude,Longitude
North Depot,41.90,-87.65
South Depot,41.85,-87.62
7 Invented Street,41.88,-87.63
9 Invented Street,41.87,-87.64
""",
}

STREET_ZH: list[list[object]] = [
    ["示例街道失能老人花名册", None, None, None, None, "应急联系人", None, None, "失能", None, None,
     "慢病", None, "失智"],
    ["姓名", "性别", "出生日期", "身份证号", "住址", "姓名", "关系", "电话", "上厕所", "洗澡",
     "吃饭", "高血压", "糖尿病", None],
    ["甲示例", "女", "1941-02-03", "330000194102030027", "示例路1号", "乙示例", "女儿",
     "13800000001", "需帮助", "需帮助", "自理", "有", None, "否"],
    ["丙示例", "男", "1938年5月6日", "330000193805060018", "示例路2号", "丁示例", "儿子",
     "13800000002", "自理", "需帮助", "自理", None, "有", "否"],
]  # fmt: skip
"Rows of a sheet whose first row of headings is merged over several columns."

STREET_MERGED = ("A1:E1", "F1:H1", "I1:K1", "L1:M1")

STREET_ADDRESSES_ZH = """\
住址,高德经度,高德纬度
示例路1号,121.714250,29.947528
示例路2号,121.724246,29.957521
"""

FORM_ZH: list[list[object]] = [
    ["居家养老服务登记表", None, None, None],
    ["姓名", "甲示例", "性别", "女"],
    ["出生日期", "1941-02-03", "身份证号", "330000194102030027"],
    ["住址", "示例路1号", "电话", "0574-0000001"],
    ["紧急联系人", "乙示例", "关系", "女儿"],
]
"One person on a page, with labels beside the values."

ORDERS_EN = """\
order_id,item_name,person_name,area_name,address,plan_at,caregiver_name,care_level,type
A100,助浴,甲示例,示例街道,示例路1号,2026-03-02 09:00:00,王示例,3,居家
A101,换药,丙示例,示例街道,示例路2号,2026-03-02 14:30:00,赵示例,2,居家
A102,助洁,甲示例,示例街道,示例路1号,2026-03-03 10:00:00,王示例,3,居家
"""

OFFICE_ZH = {
    "老人名单": """\
编号,姓名,街道,住址,百度经度,百度纬度,联系电话,居住状况,意向护理员,备注
L001,甲示例,示例街道,示例路1号,121.720762,29.953446,0574-0000001,独居,王示例,门口有狗
L002,丙示例,示例街道,示例路2号,121.730735,29.963439,0574-0000002,与家人同住,,
""",
    "护理员": """\
工号,姓名,技能等级,性别,交通工具,上班时间,下班时间,工作日
H01,王示例,四级、家政,女,电动车,上午7点半,下午4点半,周一至周六
H02,赵示例,护士,女,电动车,0730,1200,工作日
""",
    "每周需求": """\
服务对象,服务项目,频次,时段,时长（分钟）,优先级,人数
甲示例,助浴,每周2次,上午,60分钟,必要,2
甲示例,打胰岛素,每天,7:30-8:00,15,高,1
丙示例,助洁,隔天,下午2点-4点,1小时,低,1
丙示例,测血压,每周一、四,早上、晚上,10,必要,1
""",
}
