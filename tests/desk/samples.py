"""Questions, standings and a picture, as pages and sheets get them."""

import base64

from playbook.gradebook.standing import Standing

PNG = base64.b64encode(
    base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP6DwABBQECz6AuzQAAAABJRU5ErkJggg=="
    )
).decode()
HINTS = ("You divided by the wrong total.", "That is a share, not a number.")


def question(number, outcome, hint=""):
    points = {"passed": 2.0, "partial": 1.0}.get(outcome, 0.0)
    return {
        "question": f"q{number}",
        "title": f"Question {number}",
        "outcome": outcome,
        "points": points,
        "max_points": 2.0,
        "message": "" if outcome == "passed" else f"Message {number}",
        "hint": hint,
        "own": outcome,
        "unseen": outcome,
        "stretch": number == 3,
        "playbook": False,
    }


def standing(trainee="li-wei", exercise="01-one", points=4.0, most=8.0, status="graded", **more):
    plain = {"reason": "", "city": "wuxi", "number": 1, "attempts": 1, "first": 0.0, "last": 0.0}
    plain |= {"received": 0.0, "due": None, "attempt": 1, "mark": 1, "source": "s"}
    return Standing(trainee, exercise, status, points=points, max_points=most, **{**plain, **more})
