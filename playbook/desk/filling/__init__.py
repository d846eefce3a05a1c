"""Marks into the teacher's own file: a platform's export comes in, the same file with marks goes out."""
