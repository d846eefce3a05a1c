"""Invented firms: three-syllable brands that no register needs to be searched for."""

import numpy as np

_FIRST = [
    "Bai",
    "Cen",
    "Dun",
    "Fei",
    "Gui",
    "Heng",
    "Jing",
    "Kui",
    "Lan",
    "Mu",
    "Nuo",
    "Pei",
    "Qin",
    "Rui",
    "Shuo",
    "Tong",
    "Wan",
    "Xun",
    "Yao",
    "Zhen",
]
_SECOND = [
    "ba",
    "chi",
    "dou",
    "fu",
    "gan",
    "he",
    "jia",
    "ke",
    "liu",
    "mo",
    "nai",
    "pin",
    "qu",
    "ru",
    "sen",
    "tai",
    "wo",
    "xi",
    "yu",
    "zhu",
]
_THIRD = [
    "bo",
    "cai",
    "de",
    "fan",
    "gu",
    "hui",
    "jun",
    "kai",
    "le",
    "mei",
    "ning",
    "po",
    "qiao",
    "ran",
    "shan",
    "tu",
    "wei",
    "xin",
    "ye",
    "zi",
]
_KINDS = ("Co.", "Ltd.", "Group", "& Partners")
_KIND_WEIGHTS = (0.45, 0.45, 0.06, 0.04)

#: What a firm of a division calls its trade.
TRADES = {
    "C13": "Food Processing", "C14": "Foods", "C15": "Beverages", "C17": "Textiles", "C18": "Garments",
    "C19": "Footwear", "C20": "Woodcraft", "C21": "Furniture", "C22": "Paper", "C23": "Printing",
    "C24": "Toys and Stationery", "C26": "Chemicals", "C27": "Pharma", "C28": "Fibres", "C29": "Plastics",
    "C30": "Ceramics", "C32": "Alloys", "C33": "Metal Products", "C34": "Machinery", "C35": "Equipment",
    "C36": "Auto Parts", "C37": "Cycles", "C38": "Electric", "C39": "Electronics", "C40": "Instruments",
    "C41": "Crafts", "E47": "Construction", "E48": "Civil Engineering", "E49": "Installation",
    "E50": "Decoration", "F51": "Trading", "F52": "Retail", "G54": "Haulage", "G55": "Shipping",
    "G58": "Forwarding", "G59": "Warehousing", "G60": "Express", "H61": "Hotels", "H62": "Catering",
    "I63": "Networks", "I64": "Internet", "I65": "Software", "J66": "Finance", "J68": "Insurance",
    "J69": "Guarantee", "K70": "Property", "L71": "Leasing", "L72": "Business Services",
    "M73": "Research", "M74": "Technical Services", "M75": "Technology",
}  # fmt: skip


def firm_names(rng: np.random.Generator, places: np.ndarray, divisions: np.ndarray) -> np.ndarray:
    """One invented name per row, no brand twice: place, brand, trade, kind of firm."""
    count = len(places)
    sizes = (len(_FIRST), len(_SECOND), len(_THIRD))
    brands = rng.choice(np.prod(sizes), count, replace=False)
    kinds = rng.choice(len(_KINDS), count, p=_KIND_WEIGHTS)
    first, second, third = np.unravel_index(brands, sizes)
    return np.array(
        [
            f"{place} {_FIRST[a]}{_SECOND[b]}{_THIRD[c]} {TRADES[division]} {_KINDS[kind]}"
            for place, division, a, b, c, kind in zip(
                places, divisions, first, second, third, kinds, strict=True
            )
        ],
        dtype=object,
    )


def misspelt(rng: np.random.Generator, name: str) -> str:
    """The same firm as a second person would have typed it."""
    words = name.split(" ")
    match int(rng.integers(4)):
        case 0:
            return " ".join(words[1:])  # without the place
        case 1:
            return name.upper()
        case 2:
            return " ".join(words[:-1])  # without the kind of firm
        case _:
            return name.replace(" ", "  ", 1) + "Ltd"
