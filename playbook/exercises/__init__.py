"""Exercises: masters, the kinds of answer, checks, seals, releases, the City Playbook."""
