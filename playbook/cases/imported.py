"""Cases of a company's own records: told from those that were made."""

import contextlib

from playbook.cases.case import Case, read_record
from playbook.errors import PlaybookError

#: Who wrote a case of own records: `generator` in its case.json.
IMPORT = "import"


def is_imported(case: Case) -> bool:
    """Whether a case was made of a company's own records."""
    with contextlib.suppress(PlaybookError):
        return read_record(case.folder).get("generator") == IMPORT
    return False
