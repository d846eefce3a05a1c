"""The gradebook: attempts, claims, marks, kept for good. The one room that speaks SQL."""
