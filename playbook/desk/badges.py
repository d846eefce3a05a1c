"""Open Badges 3.0 for who has earned a certificate: signed here, verified anywhere without asking anybody.

A badge is a JWT of a verifiable credential, signed with the issuer's Ed25519 key, whose public half is its name
(``did:key``): to verify it takes no network and no server. It knows its holder by a salted hash of the e-mail
address, never by the address. Uses ``openbadgeslib``, which is imported when it is needed.
"""

from __future__ import annotations

import os
import re
import secrets
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

from playbook.cases.sheet import heading, read_sheet
from playbook.errors import PlaybookError
from playbook.names import safe_name
from playbook.places import site_address

#: What a badge does not carry, in sentences.
CANNOT = (
    "A badge holds no name and no e-mail address: its holder shows the address, and the hash proves it.",
    "It cannot be called back: who keeps the file keeps the badge. Let it end with --until.",
    "It says that the certificate was given, not how well: points stay in the gradebook.",
)
#: Rows that one kind of problem names.
_SHOWN = 10
_HEADINGS = {
    heading(text): usual
    for usual, texts in {
        "id": ("id", "trainee", "person", "学号", "工号"),
        "name": ("name", "姓名"),
        "email": ("email", "e-mail", "mail", "email address", "邮箱", "电子邮箱"),
    }.items()
    for text in texts
}


@dataclass(frozen=True)
class Holder:
    """Who gets a badge."""

    id: str
    email: str


@dataclass(frozen=True)
class Certificate:
    """What a badge is for.

    Attributes:
        site: address of the published course; the achievement is named after it.
        issuer: the company's name.
        name: of the certificate. criteria: what it takes, in sentences.
        given: when. until: when it ends; None for never.
    """

    site: str
    issuer: str
    name: str
    criteria: str
    given: datetime
    until: datetime | None = None

    def checked_site(self) -> str:
        """The course's address as badges name it.

        Raises:
            PlaybookError: it is none, or the badge would end before it begins.
        """
        if self.until and self.until <= self.given:
            raise PlaybookError(
                f"the badge would end on {self.until.date()} and is given on {self.given.date()}",
                remedy="let --until be a later day than --given",
            )
        return site_address(self.site)


def read_holders(path: Path) -> tuple[Holder, ...]:
    """Who has earned it: a table with the columns id (or name) and email.

    Raises:
        PlaybookError: it can't be read, or names rows without an address, once each.
    """
    sheet = read_sheet(
        path,
        lambda text: _HEADINGS.get(text, ""),
        ("email",),
        what="list of holders",
        ask="name a table with the columns id and email",
    )
    holders: dict[str, Holder] = {}
    wrong, twice = [], []
    for number, cells in sheet.lines:
        holder = Holder(cells.get("id") or cells.get("name", ""), cells.get("email", ""))
        if not holder.id or not re.fullmatch(r"[^@\s,;，；]+@[^@\s,;，；]+", holder.email):
            wrong.append(str(number))
        elif holder.id.casefold() in holders:
            twice.append(f"{number} ({holder.id})")
        holders[holder.id.casefold()] = holder
    told = [
        f"{what}: {_few(rows)}"
        for what, rows in (
            ("rows without an id or an e-mail address", wrong),
            ("rows with an id or name that stands above", twice),
        )
        if rows
    ]
    if told or not holders:
        raise PlaybookError(
            "; ".join(told) or "the list is empty",
            where=str(path),
            remedy="give each person an id of their own and one address, or leave the row out",
        )
    return tuple(holders.values())


def _few(rows: Sequence[str]) -> str:
    more = f" and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else ""
    return ", ".join(rows[:_SHOWN]) + more


def issuer_key(path: Path) -> bytes:
    """The issuer's private key as PEM: from the file, or made there on first use, readable by its owner alone."""
    _library()
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    try:
        return path.read_bytes()
    except FileNotFoundError:
        pass
    except OSError as error:
        raise PlaybookError(
            f"the key can't be read: {error.strerror}", where=str(path), remedy="check its rights"
        ) from None
    made = Ed25519PrivateKey.generate().private_bytes(
        form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption()
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(made)
    except OSError as error:
        raise PlaybookError(
            f"the key can't be written: {error.strerror}", where=str(path), remedy="name another with --key"
        ) from None
    return made


def issue(
    certificate: Certificate, holders: Sequence[Holder], key: bytes, key_file: str = ""
) -> Iterator[tuple[str, str]]:
    """A file name and a signed badge for each holder.

    Raises:
        PlaybookError: ``openbadgeslib`` is not installed, the key is none of this kind, the site's address is
            none, or the badge would end before it begins.
    """
    ob3 = _library()
    site = certificate.checked_site()
    public = _public(key, key_file)
    signer = ob3.OB3Signer(key, algorithm="EdDSA")
    achievement = ob3.Achievement(
        id=f"{site}/certificate",
        name=certificate.name,
        description=certificate.criteria,
        criteria_narrative=certificate.criteria,
        achievement_type="Certificate",
    )
    for holder in holders:
        credential = ob3.OpenBadgeCredential(
            issuer=ob3.Issuer(id=ob3.did_key_from_pem(public), name=certificate.issuer, url=site),
            recipient_id=None,
            achievement=achievement,
            id=f"urn:uuid:{uuid.uuid4()}",
            name=certificate.name,
            issuance_date=certificate.given,
            expiration_date=certificate.until,
            identifiers=[ob3.IdentityObject.create(_address(holder.email), salt=secrets.token_hex(16))],
        )
        yield f"{safe_name(holder.id)}.jwt", signer.sign(credential)


#: Words in what the library says of a badge, why that is, and what to do.
_DOES_NOT_HOLD = (
    ("Invalid signature", "its signature does not fit, so it was changed or is another issuer's", "ask its holder for the file as it was given, and compare the issuer's did:key"),
    ("does not match the DID", "it says that it is another issuer's", "compare the issuer's did:key"),
    ("expired", "its day has passed", "ask its holder for a newer one"),
    ("not yet valid", "its first day is still to come", "look at it again on that day"),
)  # fmt: skip
_NO_BADGE = (
    "the file is no badge, or a part of it is missing",
    "ask its holder for the file as it was given",
)


@dataclass(frozen=True)
class Verified:
    """What a badge says, after its signature was found right."""

    name: str
    issuer: str
    issuer_did: str
    given: datetime
    until: datetime | None


def verify(badge: str, where: str, issuer_did: str, email: str = "") -> Verified:
    """Check a badge without any network.

    Args:
        issuer_did: the issuer that it must be from, as `playbook badge issue` prints it.
        email: the address whose holder shows it; not looked at if empty.

    Raises:
        PlaybookError: it is not signed by that issuer, was changed, has ended, or belongs to somebody else.
    """
    ob3 = _library()
    if not issuer_did.startswith("did:key:"):
        raise PlaybookError(
            f"{issuer_did!r} is no issuer that can be checked without a network",
            remedy="give the did:key that `playbook badge issue` printed, with --issuer",
        )
    try:
        verifier = ob3.OB3Verifier.for_issuer_did(issuer_did)
    except Exception:  # whatever was typed
        raise PlaybookError(
            f"--issuer {issuer_did!r} is no whole did:key",
            remedy="copy it as `playbook badge issue` printed it, to its last letter",
        ) from None
    try:
        found = verifier.verify(badge.strip())
    except Exception as error:  # the library has no one family for what a stranger's file may hold
        why, remedy = next((told for words, *told in _DOES_NOT_HOLD if words in str(error)), _NO_BADGE)
        raise PlaybookError(f"this badge does not hold: {why}", where=where, remedy=remedy) from None
    if email and not any(_is_of(one, email) for one in found.identifiers):
        raise PlaybookError(
            "this badge belongs to another address",
            where=where,
            remedy="ask under which address it was given",
        )
    return Verified(
        found.achievement.name, found.issuer.name, found.issuer.id, found.issuance_date, found.expiration_date
    )


def issuer_of(key: bytes, key_file: str = "") -> str:
    """The issuer's name for everybody: its public key as ``did:key``."""
    return _library().did_key_from_pem(_public(key, key_file))


def _address(email: str) -> str:
    return email.strip().casefold()


def _is_of(identity: object, email: str) -> bool:
    again = _library().IdentityObject.create(_address(email), salt=identity.salt)
    return again.identity_hash == identity.identity_hash


def _public(key: bytes, where: str) -> bytes:
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    try:
        private = form.load_pem_private_key(key, password=None)
    except (ValueError, TypeError):
        private = None
    if not isinstance(private, Ed25519PrivateKey):
        raise PlaybookError(
            "this is no Ed25519 key in PEM",
            where=where,
            remedy="name another with --key; one is made if none is there",
        )
    return private.public_key().public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)


def _library() -> ModuleType:
    try:
        from openbadgeslib import ob3
    except ImportError:
        raise PlaybookError(
            "what makes and reads badges is not installed", remedy="type: pip install openbadgeslib"
        ) from None
    return ob3


def day(text: str, option: str) -> datetime:
    """A day as the command line takes it, at midnight UTC."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise PlaybookError(f"{option} {text!r} is no day", remedy="write it as 2026-11-30") from None
