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
PLAIN_SIGNS = {
    **{
        "“": '"',
        "”": '"',
        "„": '"',
        "«": '"',
        "»": '"',
        "‘": "'",
        "’": "'",
        "。": ".",
        "、": ",",
        "…": "...",
    },
    **{"【": "[", "】": "]", "「": '"', "」": '"', "《": "<", "》": ">", "—": "-", "–": "-"},
}
#: Signs of arithmetic as they are written by hand, and what to type.
SIGNS_BY_HAND = {
    "÷": "/",
    "∕": "/",
    "×": "*",
    "·": "*",
    "−": "-",
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
    "²": "** 2",
}
#: Words that other programs have for what is called otherwise here.
OTHER_WORDS = {
    "average": "mean",
    "avg": "mean",
    "mittelwert": "mean",
    "sort": "sort_values",
    "sortby": "sort_values",
    "sort_by": "sort_values",
    "order_by": "sort_values",
    "countif": "size",
    "isempty": "isna",
    "isblank": "isna",
    "is_empty": "isna",
    "ln": "log",
    "top": "head",
    "first": "head",
    "filter": "",
}
#: Words for an empty cell elsewhere.
EMPTY = frozenset(["null", "nil", "nan", "na", "empty", "blank"])
#: Where nothing better is known.
UNKNOWN = N_(
    "The last line of the red text says what the computer stumbled over. Nothing is broken: compare your line "
    "with the text above the cell and the notes in it, correct it and run the cell again."
)


MEANT_EQUAL = N_("One equal sign gives a name. To ask whether two things are equal, type two: `==`.")
POINT_IN_NUMBER = N_("Write a number with a point, `0.03`, and without a comma for the thousands, `1250`.")
ONLY_A_NOTE = N_("Behind `=` comes only a note: the computer skips everything after `#`. Delete the `#`.")


#: What the line itself shows, notes and texts apart, looked for in this order, and what to say.
IN_THE_LINE = (
    (
        r"\.\.\.[ \t]*[\w\"'(\[{]",
        N_("Your answer stands behind the three dots. Delete the dots: it takes their place."),
    ),
    (r"[\w\"')\]}][ \t]*\.\.\.", N_("The three dots still stand behind your answer. Delete them.")),
    (r"\d\s*%(?!\s*[(\w])", N_("There is no per cent sign here. Write 3 % as `0.03`.")),
    (
        r"\$",
        N_("There are no cell addresses such as B$20 here. Use the names of columns and values instead."),
    ),
    (
        r"\b(?P<word>[A-Z][A-Z.]+)\s*\(",
        N_(
            "`{word}` is a function of spreadsheets. Here words behind a dot do the work, such as `.sum()`: "
            "see the text above the cell."
        ),
    ),
    (
        r"[&|]\s*(?:NOT|[Nn]ot)\b|\b(?:NOT|Not)\b[^&|]*[&|]",
        N_(
            "Beside `&` and `|`, which join whole columns, *not* is written `~`, directly in front of the column: "
            "`(...) & ~(...)`."
        ),
    ),
    (
        r"\bif\b.*?\b(?P<word>AND|OR|And|Or)\b.*\belse\b",
        N_("Write `{small}` in small letters: capitals count."),
    ),
    (
        r"[\w)\]]\s*\\\s*[\w(]",
        N_("The stroke leans the wrong way. `/` divides, and `//` divides without the rest."),
    ),
    (
        r"\d\s+[A-Za-z_]\w*\s*=(?!=)",
        N_("A comma is missing in front of a setting: `(..., budget=30, eligible=...)`."),
    ),
    (
        r"\b(?P<word>AND|OR|And|Or)\b",
        N_(
            "Write `{small}` in small letters. Between conditions on columns it is a sign instead, `&` for and, `|` "
            "for or, and each condition stands in round brackets."
        ),
    ),
    (
        r"\b(?P<word>If|IF|Else|ELSE|Elif|Def|Return|RETURN|Not|NOT|In|For|Import|From)\b",
        N_("Write `{small}` in small letters: capitals count."),
    ),
    (r"\bels[e ]*\s*if\b|\belseif\b", N_("*Otherwise, if* is one word here: `elif`.")),
    (r"\bif\b.*\bthen\b", N_("There is no `then` here. A colon, `:`, stands in its place.")),
    (r"=>|=\s+>", N_("*At least* is written `>=`, in this order, without a blank.")),
    (r"=<|=\s+<", N_("*At most* is written `<=`, in this order, without a blank.")),
    (r"<>|<\s+>|=/=|!\s+=", N_("*Not equal* is written `!=`, without a blank.")),
    (r"===|[<>!]==|=\s+=(?!=).*[\])]", N_("Too many equal signs. *Is it equal?* is written `==`.")),
    (
        r"=\s+=|\breturn\s*=|^\s*=",
        N_("One `=` too many: a formula has no equal sign of its own here. Write `share = a / b`."),
    ),
    (r":=", N_("A colon too many: a value gets its name by `=` alone.")),
    (r"=\s*$", N_("Nothing stands behind the `=`.")),
    (r";", N_("Parts are separated by a comma here, `,`, not by a semicolon.")),
    (
        r"^\s*(?P<word>def|if|elif|else|for|while)\b.*[^:\s,]\s*$",
        N_("A line that begins with `{word}` ends with a colon, `:`. Type it at the end of the line."),
    ),
    (
        r"^\s*\.(?!\.)",
        N_("This line begins with a dot, so it belongs to the one above. Write it directly behind that."),
    ),
    (r"[\w\"\])]\.\.+\w", N_("There is a dot too many: one stands before a word such as `.head()`.")),
    (r"->", N_("What is to be done with a table stands behind a dot, as in `.head()`.")),
    (
        r"\w\s*\{",
        N_("In front of the curly bracket a round one is missing, and at the end too: `({{...}})`."),
    ),
    (
        r"\(\s*\"\"\s*:",
        N_('Pairs with a colon between them stand in curly brackets: `({{"prospects": 0}})`.'),
    ),
    (r"[\w\])]\s+[xX]\s+[\w(\[]", N_("To multiply, type the sign `*`. The letter x is a name.")),
    (r"\.{4,}", N_("There are more than three dots. Put your answer in their place.")),
    (r"\d\.\d*\.|\.\.\d", N_("A number has one point in it: `0.03`.")),
    (
        r"=\s*if\b",
        N_('A choice in one line begins with what comes out: `"yes" if ... else "no"`.'),
    ),
    (
        r"(?<![\w.])(?!(?:if|and|or|not|in|is|else|for|return)\b)[A-Za-z_]\w*(?:\.\w+)*\s+\d",
        N_("Round brackets are missing round the number, as in `.head(5)`, or a sign in front of it."),
    ),
    (r"\d\s+\d", N_("A number has no blanks in it: write `1250`.")),
    (
        r"(?<![\w.])\d[\d.]*\s*(?!(?:if|and|or|not|in|is|else|for|return)\b|e\d)[A-Za-z_]",
        N_(
            "A sign is missing between a number and a word, such as `*`. A unit is not typed, only the number."
        ),
    ),
    (r"[-+*/&|<>=,]\s*$", N_("The line stops behind a sign: something is missing at its end.")),
    (r"[-+*/]\s*[*/]\s", N_("Two signs stand side by side. Delete one.")),
)
#: What Python says about a line it cannot read, and what to say.
OF_SYNTAX = (
    ("Missing parentheses", N_("Round brackets are missing: `print(...)`.")),
    (
        "'return' outside",
        N_(
            "`return` belongs to a function: it stands below a line with `def`, with four spaces in front of it."
        ),
    ),
    (
        "expected 'else'",
        N_('A choice says both: `"yes" if ... else "no"`, in one line.'),
    ),
    (
        "follows keyword",
        N_(
            'Settings with an equal sign, such as `how="left"`, come last in the round brackets. If one of them is a '
            "number, write it with a point: `0.8`."
        ),
    ),
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
    ("meant '=='", MEANT_EQUAL),
    (
        "contain assignment",
        N_("In front of a single `=` stands a name without quotes. Two, `==`, ask for equality."),
    ),
    ("unexpected indent", N_("This line begins with spaces that do not belong there. Delete them: `{line}`")),
    (
        "indented block",
        N_(
            "A line that belongs to the one above, which ends with a colon, begins with four spaces. Put them in front of it."
        ),
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
            "Python cannot read the line `{line}`. Compare it with the text above the cell, sign by sign: brackets and quotes in "
            "pairs, commas between. The mark ^ in the red text shows where it stopped."
        ),
    ),
)


#: What Python says of values that do not go together, and what to say.
OF_VALUES = (
    (
        r"merge\(\) got multiple values",
        N_('The column to join on is a setting, too: `on="section"`.'),
    ),
    (
        r"ufunc 'multiply' did not contain|string multiply ufunc|can't multiply sequence|does not support operation 'mul'|"
        r"(?:cannot perform|unsupported operand).*(?:__mul__|mul|\*).*str",
        N_(
            'You multiply a text. A name in quotes is only a word: write it without quotes, or take the column, `{table}["{column}"]`.'
        ),
    ),
    (
        r"ufunc '(?:add|subtract|(?:true_)?divide)' did not contain .*(?:<U|Str)",
        N_(
            'You calculate with a text. A name in quotes is only a word: write it without quotes, or take the column, `{table}["{column}"]`.'
        ),
    ),
    (
        r"list\(\) takes no keyword arguments",
        N_(
            "`list( )` takes no settings. A setting such as `eligible=...` or `budget=...` stands in the inner brackets, those of the function that uses it."
        ),
    ),
    (
        r"'(?:DataFrame|Series)\w*' object is not callable",
        N_("Round brackets stand behind a table or a column. Square ones pick from it: `{table}[...]`."),
    ),
    (
        r"object is not callable",
        N_("A sign is missing in front of a round bracket, or the bracket should be square."),
    ),
    (
        r"(?:function|method)\w*' object is not subscriptable",
        N_("Here round brackets are needed: `.head(5)`, `len(...)`."),
    ),
    (
        r"Series\.sort_values\(\) takes",
        N_("One column is sorted without naming it: `.sort_values(ascending=False)`."),
    ),
    (
        r"must be real number, not (?:Series|DataFrame)",
        N_(
            "One number is needed here, and a whole column stands in the brackets. Add it up first: `.sum()`."
        ),
    ),
    (r"'descending'", N_("There is no `descending`. For the largest first write `ascending=False`.")),
    (
        r"^(?P<name>[a-z]\w*)\(\) missing (?:[2-9]|\d\d) required positional arguments: (?P<names>.+)",
        N_(
            "`{name}( )` lacks something between its brackets: {names}. Where another tool is to use `{name}`, write the "
            "name alone, without brackets."
        ),
    ),
    (
        r"missing \d+ required positional arguments?: (?P<names>.+)",
        N_("Between the round brackets something is missing: {names}."),
    ),
    (
        r"(?P<name>\w+)\(\) takes exactly one argument",
        N_("Between the brackets of `{name}( )` stands one thing: the table or the list that it works on."),
    ),
    (
        r"positional arguments? but",
        N_("Too much stands between the round brackets. Compare them with the text above the cell."),
    ),
    (r"'xor'|for \^", N_("`^` does not mean *to the power of* here. Write `** 2`.")),
    (
        r"'r?(?:and|or)_'|for (?:&|\|)",
        N_(
            "With `&` and `|` between them, each condition stands in round brackets of its own: `(...) & (...)`."
        ),
    ),
    (
        r"numeric_only accepts|No axis named (?!\d|row)",
        N_(
            'A column is not named in the round brackets. It stands in square ones before the dot: `["column"].mean()`.'
        ),
    ),
    (
        r"No axis named 1 for object type Series",
        N_("A single column has no other columns to compare with: `axis=1` needs a table of several."),
    ),
    (
        r"No axis named",
        N_("`axis=1` works along the row, `axis=0` down the column. There is no other."),
    ),
    (
        r"not a valid Merge type",
        N_('The setting is written in small letters, in quotes: `how="left"`.'),
    ),
    (
        r"Can only merge",
        N_("Behind `.merge(` stands the other table by its name, without quotes."),
    ),
    (
        r"got set",
        N_('Between a column and its value stands a colon: `{{"prospects": 0}}`.'),
    ),
    (
        r"using all scalar values",
        N_("A column is a list, also if it holds one value only: put square brackets round it, `[...]`."),
    ),
    (
        r"arrays must all? ?be of (?:the )?same length|does not match length of index|same length as key",
        N_("The columns are not equally long. Take all of them from the same table, row by row."),
    ),
    (
        r"(?:string|list) indices must be integers",
        N_("In front of the square brackets stands a text or a list. A table stands there, without quotes."),
    ),
    (
        r"'(?:int|float)\w*' object is not subscriptable",
        N_(
            "In front of the square brackets stands a single number. Square brackets pick from a table or a list."
        ),
    ),
    (
        r"'NoneType' object is not subscriptable",
        N_(
            "In front of the square brackets stands nothing (None): the line that makes it gives nothing back."
        ),
    ),
    (
        r"has no len\(\)",
        N_("`len( )` counts the rows of a table or a list. What stands between its brackets is one value."),
    ),
    (
        r"of type str|with a non-integer key",
        N_("A number is wanted here, without quotes: `.head(5)`."),
    ),
    (
        r"Invalid comparison between dtype=\w+ and str|'[<>]=?' not supported between instances of",
        N_(
            "A number is compared with a text. A number has no quotes, and a column of texts no order of size."
        ),
    ),
    (
        r"trying to merge on",
        N_("The codes are text in one table and numbers in the other. Keep codes as text."),
    ),
    (r"expected type bool", N_("`True` and `False` stand without quotes.")),
    (
        r"from a DataFrame",
        N_('A whole table stands where one column belongs. Add its name: `{table}["{column}"]`.'),
    ),
    (r"month must be|day is out|Unknown datetime", N_('A date is a text, year first: `"2024-12-31"`.')),
    (r"No common columns", N_('The two tables share no column. Say which one to join on: `on="section"`.')),
    (r"already exists", N_("The table has that column already. Leave the second `.reset_index()` out.")),
    (
        r"percentiles should all be in the interval|[Qq]uantiles must be in the range",
        N_(
            "Between the brackets of `.quantile( )` stands a share, from 0 to 1: twenty of a hundred is `0.20`."
        ),
    ),
    (r"division by zero", N_("You divide by zero.")),
    (
        r"(?:too many|not enough) values to unpack",
        N_("On the left of `=` stand not as many names as there are results on the right."),
    ),
    (r"unhashable", N_("A list or a table stands where a single name or value belongs.")),
)
