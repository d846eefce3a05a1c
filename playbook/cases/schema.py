"""The one declaration of every table: columns, types, units, meanings, limits, keys.

The loader, the check of a folder, the data dictionary and the generator all read it from here.
Plain Python: it imports in a browser.
"""

from playbook.cases.columns import BOOLEAN, DATE, INTEGER, NUMBER, STRING, Column, Table
from playbook.cases.company import COMPANY
from playbook.cases.market_density import MARKET_DENSITY
from playbook.cases.month import MONTH
from playbook.cases.planning import PLANNING
from playbook.cases.public import PUBLIC
from playbook.cases.staffing import STAFFING
from playbook.cases.unit_economics import UNIT_ECONOMICS

__all__ = ["BOOLEAN", "DATE", "INTEGER", "NUMBER", "SCHEMA", "STRING", "Column", "Table"]

#: Every table, by name.
SCHEMA: dict[str, Table] = {
    table.name: table
    for table in (*COMPANY, *PLANNING, *STAFFING, *MONTH, *MARKET_DENSITY, *UNIT_ECONOMICS, *PUBLIC)
}
