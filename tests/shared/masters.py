"""The course's exercises by name: reading all of them takes seconds, so a test reads those that it looks at."""

import yaml

from playbook.authoring.master import Master, load_master, masters_folder

IDS = sorted(path.parent.name for path in masters_folder().glob("*/master.md"))


def master_of(name: str) -> Master:
    """The master of an exercise; it is read once in a process."""
    return load_master(masters_folder() / name)


def front_matter(name: str) -> dict:
    """What its front matter says to the kit, without the cells."""
    _before, front, _rest = (masters_folder() / name / "master.md").read_text("utf-8").split("---\n", 2)
    return yaml.safe_load(front)["playbook"]
