"""What customer systems and company registries export: which heading holds what, by system.

The headings of HubSpot, Salesforce and 企查查 are those of their exports; of 纷享销客 and 销售易 those of their
fields, and the usual labels of their Chinese exports. Whatever is called otherwise is put right in the mapping.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from playbook.cases.sheet import heading

ACCOUNTS, DEALS, REGISTRY = "accounts", "deals", "registry"
#: What no system has of itself and many companies keep in columns of their own: looked for by these headings in any
#: form, and by whatever the mapping names.
OWN_COLUMNS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    ACCOUNTS: {
        "credit_code": ("统一社会信用代码", "信用代码", "Credit code", "Unified social credit code"),
        "need": ("Need", "有需求", "是否有需求"),
        "export": ("Export", "Exporter", "是否出口", "出口"),
        "it_maturity": ("IT maturity", "信息化程度"),
        "comp_installed": ("Competitor installed", "在用竞品", "竞品"),
        "decision_maker_known": ("Decision maker known", "是否认识决策人"),
        "quote_asked": ("Quote asked", "是否询价"),
        "visits_12m": ("Visits in 12 months", "近12个月拜访次数"),
        "contacts": ("Number of contacts", "Number of Associated Contacts", "联系人数"),
        "lat": ("Latitude", "纬度"),
        "lon": ("Longitude", "经度"),
    },
    DEALS: {
        "grade": ("Grade", "Account grade", "客户级别"),
        "channel": ("Channel", "销售渠道"),
        "competitor": ("Competitor", "Main Competitor(s)", "竞争对手"),
        "loss_reason": ("Closed Lost Reason", "Loss Reason", "输单原因"),
    },
}


@dataclass(frozen=True)
class Source:
    """A form of export.

    Attributes:
        name: of the system. kind: accounts, deals or registry.
        columns: what we look for → headings that hold it.
        sure: headings that only this form has.
    """

    name: str
    kind: str
    columns: Mapping[str, tuple[str, ...]]
    sure: tuple[str, ...]


SOURCES: tuple[Source, ...] = (
    Source(
        "HubSpot",
        ACCOUNTS,
        {
            "id": ("Record ID",),
            "name": ("Company name",),
            "employees": ("Number of Employees",),
            "revenue": ("Annual Revenue",),
            "city": ("City",),
            "source": ("Original Source Type", "Original Source", "Lead source"),
        },
        ("Company name", "Company Domain Name"),
    ),
    Source(
        "HubSpot",
        DEALS,
        {
            "id": ("Record ID",),
            "account": ("Associated Company", "Associated Company (Primary)"),
            "stage": ("Deal Stage",),
            "amount": ("Amount",),
            "created": ("Create Date",),
            "closed": ("Close Date",),
            "rep": ("Deal owner",),
        },
        ("Deal Name", "Deal Stage"),
    ),
    Source(
        "Salesforce",
        ACCOUNTS,
        {
            "id": ("Account ID",),
            "name": ("Account Name",),
            "employees": ("Employees",),
            "revenue": ("Annual Revenue",),
            "city": ("Billing City",),
            "source": ("Account Source",),
        },
        ("Account ID", "Account Owner"),
    ),
    Source(
        "Salesforce",
        DEALS,
        {
            "id": ("Opportunity ID",),
            "account": ("Account ID", "Account Name"),
            "stage": ("Stage",),
            "amount": ("Amount",),
            "created": ("Created Date",),
            "closed": ("Close Date",),
            "rep": ("Opportunity Owner",),
        },
        ("Opportunity Name", "Stage"),
    ),
    Source(
        "纷享销客",
        ACCOUNTS,
        {
            "id": ("_id", "客户编号"),
            "name": ("name", "客户名称"),
            "employees": ("employee_count", "员工人数", "人员规模"),
            "revenue": ("annual_revenue", "年营业额", "年销售额"),
            "city": ("市", "城市"),
            "source": ("account_source", "客户来源", "来源"),
        },
        ("account_source", "account_level", "客户级别", "成交状态"),
    ),
    Source(
        "纷享销客",
        DEALS,
        {
            "id": ("_id", "商机编号"),
            "account": ("account_id", "客户名称"),
            "stage": ("sales_stage", "销售阶段", "商机阶段"),
            "status": ("sales_status", "商机状态"),
            "amount": ("amount", "商机金额", "预计成交金额"),
            "created": ("create_time", "创建时间"),
            "closed": ("close_date", "结单日期", "预计成交日期"),
            "competitor": ("competitors", "竞争对手"),
            "rep": ("owner", "负责人"),
        },
        ("sales_stage", "销售阶段", "商机阶段"),
    ),
    Source(
        "销售易",
        ACCOUNTS,
        {
            "id": ("id", "客户ID"),
            "name": ("accountName", "客户全称", "公司名称"),
            "employees": ("employeeNumber", "总人数"),
            "revenue": ("annualRevenue", "销售额"),
            "city": ("fCity", "城市"),
            "source": ("accountChannel", "客户渠道"),
        },
        ("accountName", "客户全称", "总人数"),
    ),
    Source(
        "销售易",
        DEALS,
        {
            "id": ("id", "销售机会ID"),
            "account": ("accountId", "客户全称", "公司名称"),
            "stage": ("saleStageId", "当前阶段"),
            "amount": ("money", "销售金额"),
            "created": ("createdAt", "创建日期"),
            "closed": ("closeDate", "结单日期"),
            "rep": ("ownerId", "销售机会所有人"),
        },
        ("saleStageId", "opportunityName", "销售机会名称"),
    ),
    Source(
        "企查查",
        REGISTRY,
        {
            "name": ("系统匹配企业名称", "企业名称"),
            "asked": ("原文件导入名称",),
            "credit_code": ("统一社会信用代码",),
            "owner_type": ("企业（机构）类型", "企业类型"),
            "founded": ("成立日期",),
            "city": ("所属城市",),
            "district": ("所属区县",),
            "section": ("国标行业门类",),
            "division": ("国标行业大类",),
            "employees": ("参保人数",),
        },
        ("统一社会信用代码", "国标行业门类"),
    ),
)


#: Kind of file → all that is looked for in it, in any form.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    kind: tuple(
        dict.fromkeys(
            [name for one in SOURCES if one.kind == kind for name in one.columns]
            + list(OWN_COLUMNS.get(kind, ()))
        )
    )
    for kind in (ACCOUNTS, DEALS, REGISTRY)
}


def recognise(headings: Iterable[str], kind: str = "") -> Source | None:
    """The form whose headings are there most, if one of those that only it has is among them."""
    there = {heading(text) for text in headings}

    def known(source: Source) -> int:
        return sum(bool({heading(one) for one in all} & there) for all in source.columns.values())

    fitting = [
        one
        for one in SOURCES
        if (not kind or one.kind == kind) and {heading(text) for text in one.sure} & there
    ]
    return max(fitting, key=known, default=None)


def columns_of(source: Source, headings: Iterable[str]) -> dict[str, str]:
    """What we look for → the heading of a file that holds it; empty where none does."""
    there = {heading(text): text for text in headings}
    own = OWN_COLUMNS.get(source.kind, {})
    return {
        field: next((there[heading(one)] for one in names if heading(one) in there), "")
        for field, names in (
            source.columns | {k: v for k, v in own.items() if k not in source.columns}
        ).items()
    }
