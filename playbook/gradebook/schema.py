"""The gradebook's tables.

Nothing in `marks`, `questions`, `notebooks`, `executed` and `reviews` is ever changed or deleted.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

#: Version of the tables' form.
VERSION = 1

metadata = MetaData()

about = Table(
    "about", metadata, Column("name", String(40), primary_key=True), Column("value", Text, nullable=False)
)

#: Every notebook that was ever handed in, by content; compressed. With what it says about itself.
notebooks = Table(
    "notebooks",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("facts", Text, nullable=False),
)

#: One row for each notebook that a trainee handed in for an exercise; `mark` is the mark that stands.
attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("trainee", String(80), nullable=False),
    Column("exercise", String(120), nullable=False),
    Column("sha256", String(64), ForeignKey("notebooks.sha256"), nullable=False),
    Column("source", Text, nullable=False),
    Column("problem", Text, nullable=False),
    Column("notes", Text, nullable=False),
    Column("received", Float, nullable=False),  # first seen with this content, seconds since 1970 (UTC)
    Column("again", Float, nullable=False),  # last seen with this content
    Column("mark", Integer, nullable=True),
    UniqueConstraint("trainee", "exercise", "sha256"),
    Index("attempts_by_exercise", "exercise", "trainee"),
    Index("attempts_by_mark", "mark"),
)

#: One row for each time an attempt was marked; with another master, kit, case or secret it is marked again.
marks = Table(
    "marks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("attempt", Integer, ForeignKey("attempts.id"), nullable=False),
    Column("address", String(64), nullable=False),
    Column("master", String(64), nullable=False),
    Column("city_data", String(64), nullable=False),
    Column("kit", String(64), nullable=False),
    Column("secret", String(64), nullable=False),
    Column("city", String(40), nullable=False),
    Column("points", Float, nullable=False),
    Column("max_points", Float, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("marked", Float, nullable=False),
    Column("result", Text, nullable=False),
    UniqueConstraint("attempt", "address"),
)

questions = Table(
    "questions",
    metadata,
    Column("mark", Integer, ForeignKey("marks.id"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("question", String(120), nullable=False),
    Column("title", Text, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("points", Float, nullable=False),
    Column("max_points", Float, nullable=False),
    Column("stretch", Boolean, nullable=False),
    Column("hint", Text, nullable=False),
)

#: What somebody did where a question of a mark is missed; marks from before this was kept have no rows.
misses = Table(
    "misses",
    metadata,
    Column("mark", Integer, ForeignKey("marks.id"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("did", String(80), nullable=False),
    Column("given", Text, nullable=False),
    Column(
        "follows", String(120), nullable=False
    ),  # the question whose miss this one comes from; empty for none
)

#: The notebook as it ran on the trainee's own case, where that was kept; compressed.
executed = Table(
    "executed",
    metadata,
    Column("mark", Integer, ForeignKey("marks.id"), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

#: Why an attempt could not be graded; one row for each reason.
refusals = Table(
    "refusals",
    metadata,
    Column("attempt", Integer, ForeignKey("attempts.id"), primary_key=True),
    Column("reason", String(400), primary_key=True),
    Column("times", Integer, nullable=False),
    Column("at", Float, nullable=False),
    Column("result", Text, nullable=False),
)

#: What looked odd about an attempt, found when others came: for a person to judge.
remarks = Table(
    "remarks",
    metadata,
    Column("attempt", Integer, ForeignKey("attempts.id"), primary_key=True),
    Column("words", String(400), primary_key=True),
)

#: Hand-ins that attempts came with: an unchanged notebook comes with several.
receipts = Table(
    "receipts",
    metadata,
    Column("attempt", Integer, ForeignKey("attempts.id"), primary_key=True),
    Column("code", String(20), primary_key=True),
    Column("made", String(200), nullable=False),
    Column("trainee", String(200), nullable=False),
    Column("source", Text, nullable=False),
)

#: What people wrote who read free text: one row for each judgement, and one for each that was taken back. It holds
#: for the text: whoever hands in the same text again, or is graded again, keeps it.
reviews = Table(
    "reviews",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("trainee", String(80), nullable=False),
    Column("exercise", String(120), nullable=False),
    Column("question", String(120), nullable=False),
    Column("mark", Integer, ForeignKey("marks.id"), nullable=False),  # the one whose text was read
    Column("digest", String(64), nullable=False),  # of the text
    Column("reader", String(80), nullable=False),
    Column("second", Boolean, nullable=False),  # read blind, after a first reader
    Column("points", Float, nullable=True),  # empty in a row that takes another back
    Column("max_points", Float, nullable=False),
    Column("comment", Text, nullable=False),
    Column("withdraws", Integer, ForeignKey("reviews.id"), nullable=True),
    Column("at", Float, nullable=False),
    Index("reviews_by_trainee", "trainee", "exercise"),
)

#: Attempts that a grader is working on now.
claims = Table(
    "claims",
    metadata,
    Column("attempt", Integer, ForeignKey("attempts.id"), primary_key=True),
    Column("grader", String(120), nullable=False),
    Column("until", Float, nullable=False),
)

#: Marks that were replaced: both stay in `marks`.
changes = Table(
    "changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("attempt", Integer, ForeignKey("attempts.id"), nullable=False, index=True),
    Column("before", Integer, ForeignKey("marks.id"), nullable=False),
    Column("after", Integer, ForeignKey("marks.id"), nullable=False),
    Column("why", Text, nullable=False),
    Column("at", Float, nullable=False),
)

#: The roster as it was given last, and the exercises as they were graded last.
trainees = Table(
    "trainees",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("roster_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("city", Text, nullable=False),  # a case that ships, or the folder of another
    Column("due", Text, nullable=False),
)

#: Where a trainee of the roster belongs; who belongs nowhere has no row.
memberships = Table(
    "memberships",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("team", Text, nullable=False),
    Column("region", Text, nullable=False),
)

#: What each report said, so that the next one can say what has changed; one row for each state of the gradebook.
reports = Table(
    "reports",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Float, nullable=False),
    Column("state", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
)

exercises = Table(
    "exercises",
    metadata,
    Column("id", String(120), primary_key=True),
    Column("chapter", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("points", Float, nullable=False),
)
