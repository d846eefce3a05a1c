"""`python -m playbook` is `playbook`."""

from playbook.cli import main

main()
