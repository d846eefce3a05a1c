"""What is said of the errors that trainees meet: patterns of what Python says, and words for it."""

from playbook.words import N_

#: Words of the notes in the cells that stand for something else.
STAND_INS = frozenset(
    [
        "table",
        "left",
        "right",
        "value",
        "column",
        "other column",
        "rows",
        "values",
        "the common column",
        "code",
    ]
)
#: Signs of Chinese keyboards and of text programs that Unicode does not fold to the plain ones.
PLAIN_SIGNS = {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "。": ".", "、": ","}
#: Where nothing better is known.
UNKNOWN = N_(
    "The last line of the red text says what the computer stumbled over. Nothing is broken: compare your line "
    "with the notes in the cell, correct it and run the cell again."
)


#: What the line itself shows, looked for in this order, and what to say.
IN_THE_LINE = (
    (
        r"\.\.\.[ \t]*[\w\"'(\[{]",
        N_("Your answer stands behind the three dots. Delete the dots: it takes their place."),
    ),
    (r"[\w\"')\]}][ \t]*\.\.\.", N_("The three dots still stand behind your answer. Delete them.")),
    (r"\d\s*%(?!\s*\()", N_("There is no per cent sign here. Write 3 % as `0.03`.")),
    (
        r"\$",
        N_("There are no cell addresses such as B$20 here. Use the names of columns and values instead."),
    ),
    (
        r"=\s+=|\breturn\s*=",
        N_("One `=` too many: a formula has no equal sign of its own here. Write `share = a / b`."),
    ),
    (r"=\s*#", N_("Behind `=` comes only a note: the computer skips everything after `#`. Delete the `#`.")),
    (r"=\s*$", N_("Nothing stands behind the `=`.")),
    (
        r"^\s*\.(?!\.)",
        N_("This line begins with a dot, so it belongs to the one above. Write it directly behind that."),
    ),
)
#: What Python says about a line it cannot read, and what to say.
OF_SYNTAX = (
    (
        "unterminated",
        N_("A text begins with a quote and does not end with one. Put the second quote where it ends."),
    ),
    (
        "was never closed",
        N_("A bracket is opened and never closed. Each ( [ {{ needs its partner; count them: `{line}`"),
    ),
    ("unmatched", N_("One closing bracket too many, or its partner is missing: `{line}`")),
    ("unindent", N_("These lines do not begin at the same place. Let them all begin at the left edge.")),
    (
        "does not match",
        N_("A bracket is closed by one of another kind. Each ( needs a ), each [ a ]: `{line}`"),
    ),
    (
        "leading zeros",
        N_("Write a number without a comma for the thousands, `1002`, and with a point, `0.03`."),
    ),
    ("meant '=='", N_("One equal sign gives a name. To ask whether two things are equal, type two: `==`.")),
    (
        "contain assignment",
        N_("In front of a single `=` stands a name without quotes. Two, `==`, ask for equality."),
    ),
    ("unexpected indent", N_("This line begins with spaces that do not belong there. Delete them: `{line}`")),
    (
        "indented block",
        N_("A line that belongs to the `def` above it begins with four spaces. Put them in front of it."),
    ),
    (
        "invalid decimal",
        N_("A number runs into a word. Put brackets round what belongs together: `(a ** 2).sum()`."),
    ),
    (
        "forgot a comma",
        N_("Something is missing between two parts: a comma, a sign such as `*`, or quotes: `{line}`"),
    ),
    (
        "",
        N_(
            "Python cannot read the line `{line}`. Compare it with the notes sign by sign: brackets and quotes in "
            "pairs, commas between. The mark ^ in the red text shows where it stopped."
        ),
    ),
)


#: What Python says of values that do not go together, and what to say.
OF_VALUES = (
    (
        r"'(?:DataFrame|Series)' object is not callable",
        N_("Round brackets stand behind a table or a column. Square ones pick from it: `accounts[...]`."),
    ),
    (
        r"object is not callable",
        N_("A sign is missing in front of a round bracket, or the bracket should be square."),
    ),
    (
        r"(?:function|method)' object is not subscriptable",
        N_("Here round brackets are needed: `.head(5)`, `len(...)`."),
    ),
    (
        r"Series\.sort_values\(\) takes",
        N_("One column is sorted without naming it: `.sort_values(ascending=False)`."),
    ),
    (r"'descending'", N_("There is no `descending`. For the largest first write `ascending=False`.")),
    (
        r"unexpected keyword argument '(?P<name>\w+)'",
        N_("There is no setting called `{name}` here. Compare it with the notes."),
    ),
    (
        r"missing \d+ required positional arguments?: (?P<names>.+)",
        N_("Between the round brackets something is missing: {names}."),
    ),
    (
        r"positional arguments? but",
        N_("Too much stands between the round brackets. Compare them with the notes."),
    ),
    (r"'xor'|for \^", N_("`^` does not mean *to the power of* here. Write `** 2`.")),
    (
        r"'str'|concatenate|dtype 'object'",
        N_(
            'You calculate with text. A name in quotes is only a word: `cities["reps"]` holds the numbers. And of a '
            "whole table, `len(accounts)` counts the rows."
        ),
    ),
    (
        r"trying to merge on",
        N_("The codes are text in one table and numbers in the other. Keep codes as text."),
    ),
    (r"expected type bool", N_("`True` and `False` stand without quotes.")),
    (
        r"from a DataFrame",
        N_('A whole table stands where one column belongs. Add its name: `table["city_workers"]`.'),
    ),
    (r"month must be|day is out|Unknown datetime", N_('A date is a text, year first: `"2024-12-31"`.')),
    (r"No common columns", N_('The two tables share no column. Say which one to join on: `on="section"`.')),
    (r"division by zero", N_("You divide by zero.")),
)
