"""What axe-core finds on a page, kept to what keeps people out."""

from axe_playwright_python.sync_playwright import Axe

GRAVE = ("serious", "critical")


STILL = "* { animation: none !important; transition: none !important }"


#: All that changes with the colour scheme.
COLOURS = ["color-contrast"]


def grave_findings(page, context: str = "html", only: list[str] | None = None) -> list[str]:
    """Violations of serious or critical impact, one line each, with where and what to do; of some rules, or of all."""
    page.add_style_tag(content=STILL)  # a colour on its way to another is no finding
    options = {"preload": False} | ({"runOnly": only} if only else {})
    found = Axe().run(page, context=context, options=options).response["violations"]
    return [
        f"{one['id']} ({one['impact']}) in {len(one['nodes'])} places, first: {one['nodes'][0]['html'][:160]}"
        for one in found
        if one["impact"] in GRAVE
    ]
