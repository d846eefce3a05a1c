"""Commands for Open Badges: sign them for a certificate, and verify one without a network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

KEY = Path(".playbook-badge-key.pem")


def issue(
    holders: Annotated[
        Path, typer.Argument(help="Who has earned it: a table with the columns id and email.")
    ],
    site: Annotated[str, typer.Option(help="Address of the published course.")],
    issuer: Annotated[str, typer.Option(help="Your company's name.")],
    name: Annotated[str, typer.Option(help="The certificate's name.")] = "Reserve manager",
    criteria: Annotated[str, typer.Option(help="What it takes, in a sentence.")] = (
        "Passed every gate of the course Opening a City, on figures that nobody had seen before."
    ),
    given: Annotated[str, typer.Option(help="The day it is given, as 2026-11-30; default today.")] = "",
    until: Annotated[str, typer.Option(help="The day it ends; default never.")] = "",
    key: Annotated[Path, typer.Option(help="The issuer's private key; made on first use. Keep it.")] = KEY,
    out: Annotated[Path, typer.Option(help="Folder for the badges.")] = Path("badges"),
) -> None:
    """Sign an Open Badge 3.0 for each holder of the certificate. Needs openbadgeslib.

    Example: playbook badge issue holders.csv --site https://example.org/opening-a-city --issuer "Example Ltd"
    """
    from datetime import UTC, datetime

    from playbook.desk import badges
    from playbook.errors import PlaybookError
    from playbook.places import write_whole

    moment = badges.day(given, "--given") if given else datetime.now(UTC).replace(microsecond=0)
    end = badges.day(until, "--until") if until else None
    certificate = badges.Certificate(site, issuer, name, criteria, moment, end)
    certificate.checked_site()
    people = badges.read_holders(holders)
    pem = badges.issuer_key(key)
    made = list(badges.issue(certificate, people, pem, str(key)))
    try:
        out.mkdir(parents=True, exist_ok=True)
        for file, badge in made:
            write_whole(out / file, [badge, "\n"])
    except OSError as error:
        raise PlaybookError(
            f"the badges can't be written: {error.strerror}",
            where=str(out),
            remedy="name another folder with --out",
        ) from None
    print(f"{len(made)} {'badge' if len(made) == 1 else 'badges'} in {out}/")
    print(f"Your name as issuer, for everybody who verifies: {badges.issuer_of(pem, str(key))}")
    for text in badges.CANNOT:
        print(f"Note: {text}")


def verify(
    badge: Annotated[Path, typer.Argument(help="A badge's file.")],
    issuer: Annotated[str, typer.Option(help="The issuer's did:key, from whom you know it.")],
    email: Annotated[str, typer.Option(help="The address whose holder shows it.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of words.")] = False,
) -> None:
    """Check a badge without a network: whose signature, for what, until when, and whether it is this person's.

    Example: playbook badge verify badges/li-wei.jwt --issuer did:key:z6Mk… --email li.wei@example.org
    """
    from playbook.desk import badges
    from playbook.errors import PlaybookError

    try:
        text = badge.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        raise PlaybookError(
            f"the badge can't be read: {why}", where=str(badge), remedy="check the path"
        ) from None
    found = badges.verify(text, str(badge), issuer, email)
    until = found.until.date().isoformat() if found.until else ""
    if as_json:
        told = {
            "name": found.name,
            "issuer": found.issuer,
            "given": found.given.date().isoformat(),
            "until": until,
        }
        print(json.dumps(told, ensure_ascii=False))
        return
    ends = f", until {until}" if until else ""
    print(f"Holds: {found.name}, given by {found.issuer} on {found.given.date()}{ends}")


def register(app: typer.Typer) -> None:
    """Add the group `badge` to the application."""
    group = typer.Typer(help="Open Badges for the certificate: sign, verify.", no_args_is_help=True)
    group.command()(issue)
    group.command()(verify)
    app.add_typer(group, name="badge")
