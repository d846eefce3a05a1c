"""Free text, read by people: a local page that shows one answer after another, and how far two readers agree."""
