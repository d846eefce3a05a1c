"""Invented firms: place, a brand of two characters, trade, legal form; in pinyin and in Chinese.

Brands are drawn from common characters of good omen, as founders do it, so some firm somewhere may be called
alike. Well-known brands are left out; no name was taken from a register.
"""

from dataclasses import dataclass

import numpy as np

_SYLLABLES = [
    "安An",
    "邦Bang",
    "宝Bao",
    "博Bo",
    "昌Chang",
    "辰Chen",
    "诚Cheng",
    "驰Chi",
    "达Da",
    "德De",
    "鼎Ding",
    "东Dong",
    "丰Feng",
    "富Fu",
    "冠Guan",
    "广Guang",
    "瀚Han",
    "航Hang",
    "昊Hao",
    "和He",
    "恒Heng",
    "弘Hong",
    "鸿Hong",
    "华Hua",
    "汇Hui",
    "惠Hui",
    "吉Ji",
    "佳Jia",
    "嘉Jia",
    "建Jian",
    "捷Jie",
    "金Jin",
    "锦Jin",
    "晶Jing",
    "景Jing",
    "君Jun",
    "骏Jun",
    "凯Kai",
    "康Kang",
    "科Ke",
    "朗Lang",
    "乐Le",
    "力Li",
    "立Li",
    "联Lian",
    "隆Long",
    "美Mei",
    "明Ming",
    "铭Ming",
    "宁Ning",
    "诺Nuo",
    "鹏Peng",
    "普Pu",
    "启Qi",
    "琪Qi",
    "庆Qing",
    "荣Rong",
    "瑞Rui",
    "润Run",
    "森Sen",
    "盛Sheng",
    "双Shuang",
    "顺Shun",
    "泰Tai",
    "腾Teng",
    "天Tian",
    "通Tong",
    "同Tong",
    "旺Wang",
    "威Wei",
    "祥Xiang",
    "欣Xin",
    "新Xin",
    "信Xin",
    "兴Xing",
    "旭Xu",
    "轩Xuan",
    "雅Ya",
    "洋Yang",
    "亿Yi",
    "益Yi",
    "毅Yi",
    "盈Ying",
    "永Yong",
    "优You",
    "宇Yu",
    "裕Yu",
    "源Yuan",
    "远Yuan",
    "悦Yue",
    "云Yun",
    "泽Ze",
    "展Zhan",
    "振Zhen",
    "正Zheng",
    "志Zhi",
    "致Zhi",
    "智Zhi",
    "中Zhong",
    "众Zhong",
    "卓Zhuo",
]
_CHARACTERS = np.array([syllable[0] for syllable in _SYLLABLES], dtype=object)
_PINYIN = {syllable[0]: syllable[1:] for syllable in _SYLLABLES}
#: Two characters that a reader would take for a firm that exists.
WELL_KNOWN = frozenset(
    [
        "华为",
        "恒大",
        "恒安",
        "美的",
        "美达",
        "联想",
        "腾讯",
        "康佳",
        "康恩",
        "万达",
        "金山",
        "中信",
        "中建",
        "中铁",
        "中通",
        "圆通",
        "申通",
        "顺丰",
        "德邦",
        "韵达",
        "天通",
        "天马",
        "天能",
        "新华",
        "新东",
        "东方",
        "永辉",
        "永安",
        "华润",
        "华夏",
        "华联",
        "华泰",
        "国美",
        "海信",
        "正泰",
        "德力",
        "泰康",
        "安踏",
        "佳通",
        "宝安",
        "宝洁",
        "金龙",
        "金正",
        "金立",
        "明德",
        "立信",
        "力帆",
        "力达",
        "立邦",
        "同仁",
        "同方",
        "云南",
        "富士",
        "富力",
        "广发",
        "广汽",
        "光大",
        "嘉实",
        "嘉信",
        "信达",
        "信和",
        "建信",
        "建行",
        "建发",
        "中天",
        "中联",
        "中科",
        "中兴",
        "中航",
        "中南",
        "科达",
        "科兴",
        "科华",
        "智云",
        "盛大",
        "盛美",
        "润和",
        "悦达",
        "永泰",
        "泰达",
        "凯德",
        "凯美",
        "凯乐",
        "君乐",
        "明源",
        "元气",
        "亿联",
        "亿航",
        "优信",
        "优酷",
        "新希",
        "新奥",
        "新安",
        "鹏博",
        "鹏华",
        "鹏辉",
        "启明",
        "天安",
        "天康",
        "天士",
        "康泰",
        "华天",
        "华星",
        "华宇",
        "吉利",
        "吉祥",
        "佳能",
        "锦江",
        "美联",
        "美康",
        "欣旺",
        "旺旺",
        "兴业",
        "祥云",
        "润泽",
        "洋河",
        "远洋",
        "远东",
        "通达",
        "通威",
        "云天",
        "振华",
        "正大",
        "正邦",
        "志高",
        "中远",
        "卓越",
        "众泰",
        "众安",
        "双汇",
        "双星",
        "双鹿",
        "德尔",
        "鼎龙",
        "东华",
        "东软",
        "丰田",
        "广联",
        "航天",
        "恒力",
        "恒源",
        "恒生",
        "恒瑞",
        "恒通",
        "宏达",
        "鸿星",
        "华东",
        "华通",
        "惠普",
        "惠达",
        "汇源",
        "汇通",
        "金力",
        "金科",
        "金宇",
        "金鹏",
        "景林",
        "力源",
        "利郎",
        "联华",
        "隆鑫",
        "泰隆",
        "威力",
        "威孚",
        "雅戈",
        "雅居",
        "盈科",
        "优普",
        "裕同",
    ]
)

#: What firms of a division call their trade: (English, Chinese) pairs.
TRADES = {
    "C13": ("Food Processing 食品", "Grain and Oil 粮油"), "C14": ("Foods 食品", "Bakery 烘焙食品"),
    "C15": ("Beverages 饮料", "Tea 茶业"), "C17": ("Textiles 纺织", "Weaving 织造"),
    "C18": ("Garments 服饰", "Knitwear 针织服装"), "C19": ("Footwear 鞋业", "Leather 皮革"),
    "C20": ("Woodcraft 木业",), "C21": ("Furniture 家具", "Home Furnishing 家居"), "C22": ("Paper 纸业", "Packaging 包装"),
    "C23": ("Printing 印刷",), "C24": ("Stationery 文具", "Toys 玩具"), "C26": ("Chemicals 化工", "Coatings 涂料"),
    "C27": ("Pharma 药业",), "C28": ("Fibres 化纤",), "C29": ("Plastics 塑料", "Rubber 橡塑"),
    "C30": ("Ceramics 陶瓷", "Building Materials 建材"), "C32": ("Alloys 合金", "Copper 铜业"),
    "C33": ("Hardware 五金", "Metal Products 金属制品"), "C34": ("Machinery 机械", "Valves 阀门"),
    "C35": ("Equipment 机械设备", "Moulds 模具"), "C36": ("Auto Parts 汽配",), "C37": ("Cycles 车业",),
    "C38": ("Electric 电器", "Lighting 照明"), "C39": ("Electronics 电子",), "C40": ("Instruments 仪表",),
    "C41": ("Crafts 工艺品",), "E47": ("Construction 建筑工程",), "E48": ("Civil Engineering 市政工程",),
    "E49": ("Installation 机电安装",), "E50": ("Decoration 装饰工程",), "F51": ("Trading 贸易", "Import and Export 进出口"),
    "F52": ("Retail 商贸", "General Goods 百货"), "G54": ("Haulage 运输",), "G55": ("Shipping 船务",),
    "G58": ("Forwarding 国际货运代理",), "G59": ("Warehousing 仓储",), "G60": ("Express 快递服务",),
    "H61": ("Hotels 酒店管理",), "H62": ("Catering 餐饮管理",), "I63": ("Networks 网络技术",),
    "I64": ("Internet 网络科技",), "I65": ("Software 软件", "Information Technology 信息技术"),
    "J66": ("Finance 小额贷款",), "J68": ("Insurance 保险代理",), "J69": ("Guarantee 融资担保",),
    "K70": ("Property 房地产", "Property Services 物业服务"), "L71": ("Leasing 设备租赁",),
    "L72": ("Business Services 商务服务", "Advertising 广告"), "M73": ("Research 科技研发",),
    "M74": ("Testing 检测技术", "Design 工程设计"), "M75": ("Technology 科技",),
}  # fmt: skip
_LIMITED, _GROUP, _SHARES, _WORKS, _SHOP = (
    "Co Ltd 有限公司",
    "Group 集团有限公司",
    "Corp 股份有限公司",
    "Works 厂",
    "Store 商行",
)
_ENDINGS = ("区", "市", "县")


@dataclass(frozen=True)
class Names:
    """Names of firms, row by row: ``name`` in pinyin and English, ``name_zh`` in Chinese."""

    name: np.ndarray
    name_zh: np.ndarray


def place_zh(name: str) -> str:
    """What a firm's name has of a place: 永康 of 永康市."""
    if name.endswith("自治县"):
        return name[:2]
    for ending in _ENDINGS:
        if name.endswith(ending) and len(name) - len(ending) >= 2:
            return name[: -len(ending)]
    return name


def firm_places(
    rng: np.random.Generator, district: np.ndarray, district_zh: np.ndarray, city: tuple[str, str]
) -> tuple[np.ndarray, np.ndarray]:
    """What names begin with: a county or county-level city its own name, most urban firms that of the city."""
    urban = np.array([name.endswith("区") for name in district_zh])
    by_city = urban & (rng.random(len(district)) < 0.7)
    own = np.array([place_zh(name) for name in district_zh], dtype=object)
    return np.where(by_city, city[0], district), np.where(by_city, place_zh(city[1]), own)


def firm_names(
    rng: np.random.Generator,
    places: np.ndarray,
    places_zh: np.ndarray,
    divisions: np.ndarray,
    employees: np.ndarray,
) -> Names:
    """One invented name per row, no brand twice in the list.

    Args:
        places, places_zh: what the name begins with, in pinyin and in Chinese (see :func:`firm_places`).
        divisions: decides the trade.
        employees: decides the legal form: works and shops are small, groups large.
    """
    count = len(places)
    first, second = np.divmod(rng.permutation(len(_CHARACTERS) ** 2), len(_CHARACTERS))
    brands = [a + b for a, b in zip(_CHARACTERS[first], _CHARACTERS[second], strict=True) if a != b]
    brands = [brand for brand in brands if brand not in WELL_KNOWN][:count]
    trade, form = rng.random(count), rng.random(count)
    names, names_zh = [], []
    for row, brand in enumerate(brands):
        choices = TRADES[divisions[row]]
        english, chinese = choices[int(trade[row] * len(choices))].rsplit(" ", 1)
        legal, legal_zh = _form(divisions[row], int(employees[row]), form[row]).rsplit(" ", 1)
        spelt = _PINYIN[brand[0]] + _PINYIN[brand[1]].lower()
        names.append(f"{places[row]} {spelt} {english} {legal}")
        names_zh.append(f"{places_zh[row]}{brand}{chinese}{legal_zh}")
    return Names(np.array(names, dtype=object), np.array(names_zh, dtype=object))


def _form(division: str, employees: int, chance: float) -> str:
    if employees >= 200 and chance < 0.45:
        return _GROUP if chance < 0.3 else _SHARES
    if division[0] == "C" and employees < 50 and chance < 0.30:
        return _WORKS
    if division[0] == "F" and employees < 10 and chance < 0.35:
        return _SHOP
    return _LIMITED


def misspelt(rng: np.random.Generator, name: str, name_zh: str, place: str) -> tuple[str, str]:
    """The same firm as a second person would have typed it."""
    words = name.split(" ")
    short = name_zh
    for _, ending in (form.rsplit(" ", 1) for form in (_GROUP, _SHARES, _LIMITED, _WORKS, _SHOP)):
        short = short.removesuffix(ending) if short == name_zh else short
    match int(rng.integers(4)):
        case 0:
            return " ".join(words[1:]), name_zh.removeprefix(place)
        case 1:
            return name.upper(), short + "公司"
        case 2:
            return " ".join(words[:-1]), short  # without the legal form
        case _:
            return name.replace(" ", "  ", 1), f"{place}市{name_zh.removeprefix(place)}"
