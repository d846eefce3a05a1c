"""Where things stand in the finished site, relative to its first folder."""

#: The browser edition.
LITE = "lite"
#: The notebooks to download.
NOTEBOOKS = "exercises"
#: The page of a chapter.
PAGES = "book"
#: The page that hands in, and shows the receipts again.
HAND_IN = f"{PAGES}/hand-in.html"


def notebook_file(slug: str) -> str:
    """The notebook a trainee downloads."""
    return f"{NOTEBOOKS}/{slug}.ipynb"


def bundle_file() -> str:
    """All notebooks with the kit, for a desktop."""
    return f"{NOTEBOOKS}/opening-a-city.zip"


def live_page(slug: str) -> str:
    """The exercise in the browser edition."""
    return f"{LITE}/notebooks/index.html?path={slug}.ipynb"


def live_panel(slug: str) -> str:
    """The panel of the exercise by itself, for a frame in a chapter's page."""
    return f"{live_page(slug)}&panel"


def to_root(docname: str) -> str:
    """From a page of the book back to the site's first folder: 'book/index' → '../'."""
    return "../" * docname.count("/")
