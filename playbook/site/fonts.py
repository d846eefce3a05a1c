"""Cut the Chinese font down to the characters that the course uses.

    python -m playbook.site.fonts            # writes playbook/figures/fonts/playbook-han.otf

The source is Noto Sans CJK SC (SIL Open Font License 1.1), as Debian's package `fonts-noto-cjk` installs it.
The result is committed: nobody who builds the course needs the source font.
"""

from pathlib import Path

from playbook.errors import PlaybookError
from playbook.figures.style import FONT_FILE, HAN_FAMILY

SOURCE_FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
_SOURCE_FACE = "Noto Sans CJK SC"
_COMMON = Path(__file__).parent / "common_characters.txt"
#: Where Chinese text can come from, below the project's folder.
_TEXTS = ("data/**/*.csv", "data/**/*.md", "book/**/*.md", "exercises/**/*.md", "playbook/**/*.py")


def is_han(letter: str) -> bool:
    """Whether a character needs the Chinese font: ideographs, full-width forms, Chinese punctuation."""
    code = ord(letter)
    return 0x2E80 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0xFE30 <= code <= 0xFFEF


def characters_used(root: Path) -> set[str]:
    """Every Chinese character in the project's data, pages, masters and code, below `root`."""
    return {
        letter
        for pattern in _TEXTS
        for path in sorted(Path(root).glob(pattern))
        for letter in path.read_text(encoding="utf-8")
        if is_han(letter)
    }


def characters_shipped(font: Path = FONT_FILE) -> set[str]:
    """The characters that the shipped font holds."""
    from fontTools.ttLib import TTFont

    with TTFont(font, lazy=True) as shipped:
        return {chr(code) for code in shipped.getBestCmap()}


def cut_font(root: Path, source: Path = SOURCE_FONT, out: Path = FONT_FILE) -> int:
    """Write a font with the characters in use and the common ones; return how many it holds.

    Args:
        root: the project's folder, searched for Chinese characters.
        source: Noto Sans CJK, as a collection (.ttc).
        out: the file to write.

    Raises:
        PlaybookError: the source font is not installed.
    """
    if not Path(source).is_file():
        raise PlaybookError(
            "the source font is not installed",
            where=str(source),
            remedy="install Noto Sans CJK (on Debian: apt-get install fonts-noto-cjk) and run this again.",
        )
    from fontTools import subset
    from fontTools.ttLib import TTCollection

    wanted = characters_used(root) | set(_COMMON.read_text(encoding="utf-8").replace("\n", ""))
    wanted |= set("，。；：！？、（）《》“”‘’—…·％￥－　") | {chr(code) for code in range(0x20, 0x7F)}
    with TTCollection(source, lazy=True) as faces:
        font = next(face for face in faces.fonts if face["name"].getDebugName(1) == _SOURCE_FACE)

        options = subset.Options()
        options.layout_features = []
        options.hinting = False
        options.notdef_outline = True
        options.desubroutinize = True
        options.drop_tables += ["vhea", "vmtx", "VORG", "GSUB", "GPOS", "BASE", "DSIG"]
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=[ord(letter) for letter in wanted])
        cutter.subset(font)
        # The licence lets a changed font keep no reserved name; a name of its own keeps it from being
        # mistaken for the whole font.
        for record in font["name"].names:
            if record.nameID in (1, 3, 4, 16):
                record.string = HAN_FAMILY
            elif record.nameID == 6:
                record.string = HAN_FAMILY.replace(" ", "")
        font["CFF "].cff.fontNames = [HAN_FAMILY.replace(" ", "")]
        font.recalcTimestamp = False
        out.parent.mkdir(parents=True, exist_ok=True)
        font.save(out, reorderTables=False)
    return len(characters_shipped(out))


if __name__ == "__main__":
    project = Path(__file__).resolve().parents[2]
    count = cut_font(project)
    print(f"{FONT_FILE.relative_to(project)}: {count} characters, {FONT_FILE.stat().st_size // 1024} KB")
