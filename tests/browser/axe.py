"""What axe-core finds on a page, kept to what keeps people out."""

from axe_playwright_python.sync_playwright import Axe

GRAVE = ("serious", "critical")


STILL = "* { animation: none !important; transition: none !important }"


def grave_findings(page, context: str = "html") -> list[str]:
    """Violations of serious or critical impact, one line each, with where and what to do."""
    page.add_style_tag(content=STILL)  # a colour on its way to another is no finding
    found = Axe().run(page, context=context, options={"preload": False}).response["violations"]
    return [
        f"{one['id']} ({one['impact']}) in {len(one['nodes'])} places, first: {one['nodes'][0]['html'][:160]}"
        for one in found
        if one["impact"] in GRAVE
    ]
