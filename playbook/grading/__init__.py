"""Grading: mark a run outside it, against the master; grade a cohort, and grade again."""
