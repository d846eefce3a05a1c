"""Panel of chapter 0: filter, group, sort - and the line of pandas that does the same."""

import html
from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets
import pandas as pd

from playbook.chapters.first_notebook.figures import MOST_BARS, SOURCE, labels_of
from playbook.figures.style import COLORS
from playbook.words import N_, _

#: What can be filtered and grouped on, as a spreadsheet user would say it.
COLUMNS = {
    "district": N_("district"),
    "division": N_("industry division"),
    "owner_type": N_("type of owner"),
    "source": N_("source of the record"),
    "export": N_("exports (True or False)"),
}
#: What can be worked out: (column, method, words, unit).
MEASURES = {
    "count": ("", "size", N_("count the rows"), N_("Rows")),
    "employees": ("employees", "mean", N_("average the employees"), N_("Employees, average")),
    "revenue": ("revenue_10k", "median", N_("take the middle revenue"), N_("Revenue, median (CNY 10,000)")),
}
ORDERS = {"largest": N_("largest first"), "smallest": N_("smallest first"), "name": N_("by name")}


_CELL = "padding:.1em .7em .1em 0;vertical-align:middle;border:0"


@dataclass(frozen=True)
class State:
    """What the reader chose. An empty filter or group means none."""

    filter_column: str = ""
    filter_value: Any = ""
    group: str = "district"
    measure: str = "count"
    order: str = "largest"


@dataclass(frozen=True)
class View:
    """The line of pandas, what it does in spreadsheet words, and what comes out.

    ``result`` is a column of numbers named by group, or one number where nothing is grouped.
    """

    line: str
    words: str
    unit: str
    result: Any


def view(accounts: pd.DataFrame, state: State) -> View:
    """What a choice does to the accounts table. Pure: no widget, no kernel.

    Args:
        accounts: the case's accounts.
        state: the choice.

    Returns:
        The view; running ``line`` with ``accounts`` at hand gives ``result``.
    """
    column, method, doing, unit = MEASURES[state.measure]
    doing, unit = _(doing), _(unit)
    line, table, steps = "accounts", accounts, []
    if state.filter_column:
        value = f'"{state.filter_value}"' if isinstance(state.filter_value, str) else state.filter_value
        line += f'[accounts["{state.filter_column}"] == {value}]'
        table = accounts[accounts[state.filter_column] == state.filter_value]
        steps.append(
            _("filter {column} to {value}").format(
                column=_(COLUMNS[state.filter_column]), value=state.filter_value
            )
        )
    if not state.group:
        of_what = _("{doing} of all that is left") if state.filter_column else _("{doing} of the whole table")
        steps.append(of_what.format(doing=doing))
        if method == "size":
            return View(f"len({line})", _sentence(steps), unit, len(table))
        result = getattr(table[column], method)()
        return View(f'{line}["{column}"].{method}()', _sentence(steps), unit, result)
    line += f'.groupby("{state.group}")'
    grouped = table.groupby(state.group)
    steps += [_("make a pivot table with {column} in the rows").format(column=_(COLUMNS[state.group])), doing]
    if column:
        line += f'["{column}"]'
        grouped = grouped[column]
    line += f".{method}()"
    result = getattr(grouped, method)()
    if state.order != "name":
        ascending = state.order == "smallest"
        line += f".sort_values(ascending={ascending})"
        result = result.sort_values(ascending=ascending)
    steps.append(_("sort {order}").format(order=_(ORDERS[state.order])))
    return View(line, _sentence(steps), unit, result)


class FirstNotebookPanel(widgets.VBox):
    """Five pickers, the line, the words, and the table with its bars. Only ties `view` to controls."""

    def __init__(self, case: Any):
        self._accounts = case.accounts
        style, layout = {"description_width": "80px"}, {"width": "100%", "max_width": "420px"}
        named = [(_(words), name) for name, words in COLUMNS.items()]

        def picker(description: str, options: list, value: Any) -> widgets.Dropdown:
            return widgets.Dropdown(
                description=description, options=options, value=value, style=style, layout=layout
            )

        self.filter_column = picker(_("Filter on"), [(_("(no filter)"), ""), *named], "")
        self.filter_value = picker(_("Keep only"), [(_("(everything)"), "")], "")
        self.group = picker(_("Group by"), [(_("(no groups)"), ""), *named], "district")
        self.measure = picker(_("Work out"), [(_(m[2]), name) for name, m in MEASURES.items()], "count")
        self.order = picker(_("Sort"), [(_(words), name) for name, words in ORDERS.items()], "largest")
        self.words, self.picture = widgets.HTML(), widgets.HTML()
        pickers = [self.filter_column, self.filter_value, self.group, self.measure, self.order]
        super().__init__([*pickers, self.words, self.picture])
        self._moving = False
        self.filter_column.observe(self._offer_values, names="value")
        for control in pickers[1:]:
            control.observe(self._show, names="value")
        self._show()

    @property
    def state(self) -> State:
        """What the pickers say now."""
        return State(
            self.filter_column.value,
            self.filter_value.value,
            self.group.value,
            self.measure.value,
            self.order.value,
        )

    def _offer_values(self, change: Any) -> None:
        self._moving = True
        column = change["new"]
        values = sorted(self._accounts[column].dropna().unique().tolist()) if column else [""]
        self.filter_value.options = (
            [(str(value), value) for value in values] if column else [(_("(everything)"), "")]
        )
        self.filter_value.value = values[0]
        self._moving = False
        self._show()

    def _show(self, change: Any = None) -> None:
        if self._moving:
            return
        shown = view(self._accounts, self.state)
        in_pandas = _("In pandas: {line}").format(line=f"<code>{html.escape(shown.line)}</code>")
        self.words.value = (
            f'<div role="status" aria-live="polite"><p>{html.escape(shown.words)}</p><p>{in_pandas}</p></div>'
        )
        if isinstance(shown.result, pd.Series):
            title = _("{unit}, by {column}").format(unit=shown.unit, column=_(COLUMNS[self.group.value]))
            self.picture.value = pivot_html(shown.result, title, shown.unit)
        elif pd.isna(shown.result):
            self.picture.value = (
                "<p>" + html.escape(_("{unit}: nothing to work with.").format(unit=shown.unit)) + "</p>"
            )
        else:
            self.picture.value = f"<p>{html.escape(shown.unit)}: <strong>{shown.result:,.1f}</strong></p>"


def pivot_html(values: pd.Series, title: str, unit: str) -> str:
    """A pivot table with a bar in each row, as a spreadsheet shows it: at a move far sooner there than a figure.

    Args:
        values: numbers, named by its index; at most the first 12 are shown, missing ones without a bar.
        title: what the table shows. unit: what the numbers are.
    """
    names = values.index[:MOST_BARS]
    shown = pd.Series(values.head(MOST_BARS).to_numpy(dtype=float, na_value=float("nan")), index=names)
    longest = shown.max() if shown.notna().any() else 0.0
    largest = int(shown.to_numpy().tolist().index(longest)) if longest > 0 else -1
    rows = ""
    for at, (name, value, label) in enumerate(zip(names, shown, labels_of(shown), strict=True)):
        share = 100 * max(value, 0) / longest if longest > 0 and not pd.isna(value) else 0
        color = COLORS["accent" if at == largest else "main"]
        rows += (
            f'<tr><th scope="row" style="{_CELL};text-align:left">{html.escape(str(name))}</th>'
            f'<td style="{_CELL};text-align:right;white-space:nowrap">{html.escape(label)}</td>'
            f'<td style="width:55%;padding:0"><div style="width:{share:.1f}%;height:1em;background:{color}"></div></td></tr>'
        )
    more = len(values) - len(shown)
    notes = [_("{count} more are not shown.").format(count=more)] if more else []
    notes.append(_("Source: {source}").format(source=_(SOURCE)))
    heads = "".join(
        f'<th scope="col" style="{_CELL};text-align:{side};font-weight:normal">{html.escape(text)}</th>'
        for text, side in (("", "left"), (unit, "right"))
    )
    return (
        '<table style="width:100%;max-width:560px;border-collapse:collapse;line-height:1.35;'
        f'font-variant-numeric:tabular-nums"><caption style="text-align:left;font-weight:bold;padding:.3em 0">'
        f"{html.escape(title)}</caption><thead><tr>{heads}<td></td></tr></thead><tbody>{rows}</tbody></table>"
        f'<p style="font-size:.85em">{html.escape(" ".join(notes))}</p>'
    )


def panel(case: Any) -> FirstNotebookPanel:
    """The panel for a case.

    Args:
        case: a case with ``accounts``.

    Returns:
        A widget.
    """
    return FirstNotebookPanel(case)


def _sentence(steps: list[str]) -> str:
    *before, last = steps
    text = _("{steps}, then {last}").format(steps=", ".join(before), last=last) if before else last
    return _("In a spreadsheet: {text}.").format(text=text)
