"""Exports of customer systems and of a company registry, made by hand after the systems' own; all firms are invented."""

import random

import pandas as pd

REGISTRY_HEADINGS = (
    "原文件导入名称,系统匹配企业名称,登记状态,统一社会信用代码,企业（机构）类型,注册资本,成立日期,企业地址,所属省份,"
    "所属城市,所属区县,国标行业门类,国标行业大类,企业规模,参保人数"
)
#: name, code's end, kind, founded, city, district, section, division, insured
FIRMS = (
    ("蓝湾机械有限公司", "1", "有限责任公司(自然人投资或控股)", "2012-03-01", "嘉兴市", "南湖区", "制造业", "专用设备制造业", "120"),
    ("绿洲纺织有限公司", "2", "有限责任公司(自然人独资)", "2015-06-09", "嘉兴市", "海宁市", "制造业", "纺织业", "85"),
    ("远帆贸易有限公司", "3", "有限责任公司(外商投资)", "2018-11-20", "嘉兴市", "秀洲区", "批发和零售业", "批发业", "0"),
    ("云图软件股份有限公司", "4", "股份有限公司(国有控股)", "2020-01-02", "嘉兴市", "南湖区", "信息传输、软件和信息技术服务业", "软件和信息技术服务业", "40"),
    ("远方食品有限公司", "5", "有限责任公司(自然人投资或控股)", "2009-05-05", "湖州市", "吴兴区", "制造业", "食品制造业", "60"),
)  # fmt: skip


def registry(*, firms=FIRMS, encoding="utf-8"):
    """A batch query of 企查查, as bytes."""
    lines = [REGISTRY_HEADINGS]
    for name, code, kind, founded, city, district, section, division, insured in firms:
        lines.append(
            f"{name.removesuffix('有限公司')},{name},存续,91330000MA2ABCDE{code}X,{kind},100万元,{founded},{city}某路1号,浙江省,"
            f"{city},{district},{section},{division},小型,{insured}"
        )
    return ("\r\n".join(lines) + "\r\n").encode(encoding)


HUBSPOT = (
    "Record ID,Company name,Company Domain Name,Company owner,Industry,Number of Employees,Annual Revenue,City,"
    "Country/Region,Create Date,Last Activity Date,Original Source\r\n"
    "9001,蓝湾机械有限公司,bluebay.example,Sam,MACHINERY,120,5000000,Jiaxing,China,2024-02-01,2026-05-01,Offline event\r\n"
    "9002,绿洲纺织,oasis.example,Sam,TEXTILES,,,Jiaxing,China,2024-02-03,,Organic search\r\n"
    '9003,远帆贸易有限公司,sail.example,Pat,WHOLESALE,12,"1,250,000",嘉兴市,China,2024-03-01,,Referrals\r\n'
    "9004,云图软件股份有限公司,cloud.example,Pat,SOFTWARE,40,,Jiaxing,China,2024-03-09,,Referrals\r\n"
    "9005,远方食品有限公司,far.example,Pat,FOOD,60,,Huzhou,China,2024-03-10,,Referrals\r\n"
    "9006,Nobody Ltd,none.example,Pat,FOOD,60,,Jiaxing,China,2024-03-10,,Referrals\r\n"
).encode()
HUBSPOT_DEALS = (
    "Record ID,Deal Name,Deal Stage,Amount,Deal owner,Close Date,Create Date,Associated Company\r\n"
    "100,A - New,closedwon,25000,Sam,2026-03-01,2025-10-01,蓝湾机械有限公司\r\n"
    "101,B - New,qualifiedtobuy,18000,Sam,2026-12-01,2025-11-01,绿洲纺织\r\n"
    "102,C - New,closedlost,9000,Pat,2026-01-05,2025-11-20,远帆贸易有限公司\r\n"
    "103,D - New,closedlost,9000,Pat,2026-01-05,2025-11-20,Nobody Ltd\r\n"
).encode()
SALESFORCE = (
    '"Account ID","Account Name","Account Owner","Industry","Employees","Annual Revenue","Billing City","Type",'
    '"Account Source","Created Date"\n'
    '"0015g00000ABCDe","蓝湾机械有限公司","Pat","Machinery","120","5000000","Jiaxing","Prospect","Web","2024-02-01"\n'
    '"0015g00000ABCDf","绿洲纺织有限公司","Pat","Textiles","85","","Jiaxing","Prospect","Trade Show","2024-02-02"\n'
    "\n"
    '"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."\n'
    '"Confidential Information - Do Not Distribute"\n'
).encode()
SALESFORCE_DEALS = (
    '"Opportunity Name","Account Name","Stage","Amount","Created Date","Close Date","Opportunity Owner"\n'
    '"A","蓝湾机械有限公司","Closed Won","250000","10/1/2025","3/1/2026","Pat"\n'
).encode()
#: Rows of 纷享销客's xlsx: the first says what the file is; headings may end in （必填）.
FXIAOKE = (
    ("客户对象导出结果",),
    ("客户名称（必填）", "客户级别", "客户来源", "员工人数", "年营业额", "负责人", "创建时间"),
    ("蓝湾机械有限公司", "A", "展会", "120", "500", "张三", "2024-02-01 10:00"),
    ("绿洲纺织有限公司", "B", "转介绍", "85", "", "张三", "2024-02-02 10:00"),
)
FXIAOKE_DEALS = (
    "_id,name,account_id,sales_stage,sales_status,amount,close_date,competitors,create_time\n"
    "d1,A,蓝湾机械有限公司,赢单,win,2.5,2026年3月1日,用友,2025年10月1日\n"
    "d2,B,绿洲纺织有限公司,方案报价,open,1.8,,金蝶,2025/11/1 9:05\n"
).encode()
XIAOSHOUYI = (
    "id,accountName,accountChannel,employeeNumber,annualRevenue,ownerId\n"
    "7,蓝湾机械有限公司,官网,120,500,u1\n8,绿洲纺织有限公司,展会,85,,u1\n"
).encode("gb18030")
XIAOSHOUYI_DEALS = (
    "id,opportunityName,accountId,saleStageId,money,createdAt,closeDate,ownerId\n"
    "1,A,7,赢单,2.5,2025-10-01,2026-03-01,u1\n"
).encode("gb18030")


#: Cells of a case in a customer system's own words: heading of the export → column of the case and what its values are.
OWN = {
    "Need": "need", "Export": "export", "IT maturity": "it_maturity", "Competitor installed": "comp_installed",
    "Decision maker known": "decision_maker_known", "Quote asked": "quote_asked",
    "Visits in 12 months": "visits_12m", "Number of contacts": "contacts", "Latitude": "lat", "Longitude": "lon",
}  # fmt: skip
_STAGES = {
    "S1": "appointmentscheduled",
    "S2": "qualifiedtobuy",
    "S3": "presentationscheduled",
    "S4": "contractsent",
}
_KINDS = {"state": "国有企业", "foreign": "外商独资", "collective": "集体所有制", "private": "自然人独资"}


def whole_company(case):
    """The invented records of a case as a company's systems export them: every column that an export can hold."""
    accounts, deals, registered = [], [], []
    sections = case.sections.set_index("section")["name_zh"]
    divisions = case.table("divisions").set_index("division")["name_zh"]
    districts = case.city_districts.set_index("district_adcode")["district_zh"]

    def cell(value):
        return "" if pd.isna(value) else ("no", "yes")[value] if isinstance(value, bool) else str(value)

    names = {}
    for row in case.accounts.itertuples():
        number = row.account_id.removeprefix("A")
        name = names[row.account_id] = f"试点{number}企业有限公司"
        revenue = "" if pd.isna(row.revenue_10k) else f"{round(row.revenue_10k * 10_000)}"
        own = [cell(getattr(row, column)) for column in OWN.values()]
        accounts.append(
            [number, name, "x.example", cell(row.employees), revenue, case.city, row.source.title(), *own]
        )
        place = (case.city_zh, districts[row.district_adcode], sections[row.section], divisions[row.division])
        day = f"{row.founded}-03-01"
        registered.append((name, f"{number:>04}", _KINDS[row.owner_type], day, *place, cell(row.employees)))
    ended = pd.Timestamp("2025-06-30")  # a case has days that are slips of the pen, which an import refuses
    for row in case.opportunities.itertuples():
        if not row.created <= (ended if pd.isna(row.closed) else row.closed) <= ended:
            continue
        stage = {"won": "closedwon", "lost": "closedlost"}.get(
            row.status, _STAGES.get(row.stage, "contractsent")
        )
        days = ["" if pd.isna(day) else f"{day:%Y-%m-%d}" for day in (row.closed, row.created)]
        told = [cell(getattr(row, one)) for one in ("grade", "channel", "competitor", "loss_reason")]
        deals.append(
            [
                row.opportunity_id,
                "d",
                stage,
                f"{row.amount_cny:.0f}",
                row.rep_id,
                *days,
                names[row.account_id],
                *told,
            ]
        )
    heads = [
        "Record ID",
        "Company name",
        "Company Domain Name",
        "Number of Employees",
        "Annual Revenue",
        "City",
        "Lead source",
    ]
    deal_heads = [
        "Record ID",
        "Deal Name",
        "Deal Stage",
        "Amount",
        "Deal owner",
        "Close Date",
        "Create Date",
        "Associated Company",
    ]
    deal_heads += ["Grade", "Channel", "Competitor", "Closed Lost Reason"]
    return (
        _csv([[*heads, *OWN], *accounts]),
        _csv([deal_heads, *deals]),
        registry(firms=registered),
    )


def _csv(rows):
    return ("\r\n".join(",".join(row) for row in rows) + "\r\n").encode()


def company(firms=160, *, seed=1):
    """Accounts, deals and registry rows of a company of some size in Jiaxing: three files as HubSpot and 企查查 write them."""
    rng = random.Random(seed)
    brands = rng.sample(
        [a + b for a in "安邦昌辰诚达德鼎丰冠瀚航昊恒弘汇" for b in "嘉建捷锦景凯朗隆铭诺鹏启瑞森泰祥"], firms
    )
    places = ("南湖区", "秀洲区", "嘉善县", "海盐县", "海宁市", "平湖市", "桐乡市")
    trades = (
        ("机械", "制造业", "专用设备制造业"), ("纺织", "制造业", "纺织业"), ("贸易", "批发和零售业", "批发业"),
        ("软件", "信息传输、软件和信息技术服务业", "软件和信息技术服务业"), ("货运", "交通运输、仓储和邮政业", "道路运输业"),
        ("建筑", "建筑业", "房屋建筑业"), ("广告", "租赁和商务服务业", "商务服务业"),
    )  # fmt: skip
    accounts = [
        "Record ID,Company name,Company Domain Name,Number of Employees,Annual Revenue,City,Original Source"
    ]
    deals = [
        "Record ID,Deal Name,Deal Stage,Amount,Deal owner,Close Date,Create Date,Associated Company,Grade"
    ]
    registered = []
    for number, brand in enumerate(brands):
        trade, section, division = rng.choices(trades, (6, 4, 6, 3, 2, 2, 2))[0]
        name = f"{brand}{trade}有限公司"
        people, founded = rng.randint(3, 400), f"{rng.randint(1998, 2023)}-03-01"
        insured = people if rng.random() < 0.9 else ""
        revenue = int(people * rng.uniform(20, 90)) * 10_000
        source = rng.choice(("Trade show", "Organic search", "Referrals", "Imported list"))
        accounts.append(f"{number:06d},{name},x.example,{insured},{revenue},Jiaxing,{source}")
        place = rng.choices(places, (5, 3, 2, 1, 4, 2, 3))[0]
        kind = rng.choice(("有限责任公司(自然人投资或控股)", "有限责任公司(国有独资)"))
        registered.append((name, f"{number:04d}", kind, founded, "嘉兴市", place, section, division, insured))
        for _deal in range(rng.choice((0, 1, 1, 2))):
            stage, day = (
                rng.choice(("closedwon", "closedlost", "closedlost", "qualifiedtobuy")),
                rng.randint(1, 28),
            )
            deals.append(
                f"{len(deals)},d,{stage},{rng.randrange(6, 60)}000,{rng.choice(('Sam', 'Pat', 'Kim'))},"
                f"2026-03-{day:02d},2025-{rng.randint(3, 11):02d}-{day:02d},{number},{rng.choice('ABBCCC')}"
            )
    return (
        ("\r\n".join(accounts) + "\r\n").encode("gb18030"),
        ("\ufeff" + "\r\n".join(deals) + "\r\n").encode(),
        registry(firms=registered),
    )
