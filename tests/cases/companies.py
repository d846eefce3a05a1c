"""A case of a company's own, as an import makes it; the same on every run."""

from pathlib import Path

import yaml

from playbook.casemaking.importing import ImportedCase, import_case, propose, read_mapping
from playbook.cases.case import Case, find_case
from tests.cases import exports


def imported_company(folder: Path, firms: int = 160, region: Path | None = None, **more) -> ImportedCase:
    """A case `ours` in a folder, of so many firms in Jiaxing, with its key and its mapping beside it.

    Args:
        region: a region that has Jinhua's districts under another name; the firms are there then.
    """
    files = {}
    for kind, data in zip(("accounts", "deals", "registry"), exports.company(firms), strict=True):
        files[kind] = folder / f"{kind}.csv"
        files[kind].write_bytes(data)
        if region:
            files[kind].write_bytes(_moved(data, kind))
    told = yaml.safe_load(propose(files, "newtown" if region else "jiaxing", "ours", region))
    told |= {"confirmed": True, "units": dict.fromkeys(told["units"], "yuan")}
    (folder / "mapping.yaml").write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    mapped = read_mapping(folder / "mapping.yaml")
    return import_case(mapped, folder / "ours", folder / "ours-key.csv", **more)


def whole_company(folder: Path) -> Case:
    """A case `ours` with every column that an export can hold: the invented records of Jiaxing, exported and imported."""
    files = {}
    data = exports.whole_company(find_case("jiaxing"))
    for kind, content in zip(("accounts", "deals", "registry"), data, strict=True):
        files[kind] = folder / f"{kind}.csv"
        files[kind].write_bytes(content)
    told = yaml.safe_load(propose(files, "jiaxing", "ours"))
    told |= {"confirmed": True, "units": dict.fromkeys(told["units"], "yuan")}
    (folder / "mapping.yaml").write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    mapped = read_mapping(folder / "mapping.yaml")
    return import_case(mapped, folder / "ours", folder / "ours-key.csv").case


def _moved(data: bytes, kind: str) -> bytes:
    """The same firms in Jinhua's districts, in a city called Newtown."""
    text = data.decode("gb18030" if kind == "accounts" else "utf-8").replace(",Jiaxing,", ",Newtown,")
    text = text.replace("嘉兴市", "新城市")
    here = ("南湖区", "秀洲区", "嘉善县", "海盐县", "海宁市", "平湖市", "桐乡市")
    there = ("婺城区", "金东区", "武义县", "浦江县", "磐安县", "兰溪市", "义乌市")
    for one, other in zip(here, there, strict=True):
        text = text.replace(one, other)
    return text.encode()
