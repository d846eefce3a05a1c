"""The rooms of this package: which ship to trainees, and which can move a mark."""

#: What a trainee's wheel holds, beside the modules that belong to no room.
SHIPPED = ("market", "cases", "figures", "chapters", "exercises")
#: Rooms whose code can change a mark.
DECIDING = (*SHIPPED, "casemaking", "authoring", "running", "grading")
#: Rooms whose import sets matplotlib's defaults.
DRAWING = ("figures", "chapters")
