"""Chapters: one room each, with the figures, the panel and the judge that only this chapter needs."""
