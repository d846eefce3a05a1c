"""Exports of four customer systems laid out in a folder, mapped as a person would, and imported."""

import yaml

from playbook.casemaking.importing import import_case, propose, read_mapping
from tests.cases import exports
from tests.shared.xlsx import write_xlsx

SYSTEMS = ("HubSpot", "Salesforce", "纷享销客", "销售易")


def lay_out(folder, system="HubSpot", **more):
    """The files of a system in a folder: kind → path."""
    files = {
        "registry": folder / "qichacha.csv",
        "deals": folder / "deals.csv",
        "accounts": folder / "accounts.csv",
    }
    content = {
        "HubSpot": (exports.HUBSPOT, exports.HUBSPOT_DEALS),
        "Salesforce": (exports.SALESFORCE, exports.SALESFORCE_DEALS),
        "纷享销客": (None, exports.FXIAOKE_DEALS),
        "销售易": (exports.XIAOSHOUYI, exports.XIAOSHOUYI_DEALS),
    }[system]
    accounts, deals = more.get("accounts", content[0]), more.get("deals", content[1])
    if accounts is None:
        files["accounts"] = folder / "客户对象导出结果_20261101.xlsx"
        write_xlsx(files["accounts"], {"客户": [list(row) for row in exports.FXIAOKE]})
    else:
        files["accounts"].write_bytes(accounts)
    files["deals"].write_bytes(deals)
    files["registry"].write_bytes(more.get("registry", exports.registry()))
    return {kind: files[kind] for kind in ("accounts", "deals", "registry")}


def confirm(text, units="yuan", **answers):
    """A proposed mapping as a person leaves it: each ? answered, and confirmed."""
    told = yaml.safe_load(text)
    told["confirmed"] = True
    told["units"] |= {name: units for name in ("revenue", "amount") if name in told["units"]}
    if told["units"].get("days") == "?":
        told["units"]["days"] = "month first"
    for kind in told["files"].values():
        for field, values in kind["values"].items():
            for text in values:
                if values[text] == "?":
                    values[text] = answers[field]
    return told


def mapped(folder, files, change=lambda told: None, **answers):
    told = confirm(propose(files, "jiaxing", "ours"), **answers)
    change(told)
    path = folder / "mapping.yaml"
    path.write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    return read_mapping(path)


def imported(folder, system="HubSpot", change=lambda told: None, units="yuan", made=(), **more):
    files = lay_out(folder, system, **dict(made))
    ready = mapped(folder, files, change, units=units, source="exhibition", stage="S4", owner_type="private")
    return import_case(ready, folder / "ours", folder / "ours-key.csv", **more)
