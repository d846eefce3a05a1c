"""Addresses of a scheduler: which may be used, and how the way there is protected."""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playbook.errors import PlaybookError

if TYPE_CHECKING:
    from distributed import Security

#: Where a scheduler listens unless it was told another port.
PORT = 8786
_FORM = re.compile(
    r"(?:(?P<scheme>tcp|tls)://)?(?P<host>\[[0-9a-fA-F:.]+\]|[\w.-]+)(?::(?P<port>\d{1,5}))?/?"
)


@dataclass(frozen=True)
class Tls:
    """Files, in PEM form, that protect the way to a scheduler; all three or none.

    Attributes:
        ca: certificate of the authority that signed all the others.
        cert, key: of this machine.
    """

    ca: Path | None = None
    cert: Path | None = None
    key: Path | None = None

    def __bool__(self) -> bool:
        return any((self.ca, self.cert, self.key))

    def security(self, role: str, address: str) -> Security:
        """As Dask wants it; without files, what Dask's own settings say.

        Args:
            role: `client` or `worker`.
            address: the scheduler's, in full.

        Raises:
            PlaybookError: a file is missing.
        """
        from distributed import Security

        if not self:
            own = Security()
            if address.startswith("tls://") and own.get_connection_args(role).get("ssl_context") is None:
                raise PlaybookError(
                    "a way with tls:// needs certificates, and none were given",
                    where=address,
                    remedy="give all three of --tls-ca, --tls-cert and --tls-key",
                )
            return own
        named = {"--tls-ca": self.ca, "--tls-cert": self.cert, "--tls-key": self.key}
        for option, path in named.items():
            if path is None or not path.is_file():
                raise PlaybookError(
                    f"{option} is missing" if path is None else "there is no such file",
                    where=str(path or ""),
                    remedy="give all three of --tls-ca, --tls-cert and --tls-key",
                )
        files: dict[str, Any] = {f"tls_{role}_cert": str(self.cert), f"tls_{role}_key": str(self.key)}
        return Security(require_encryption=True, tls_ca_file=str(self.ca), **files)


#: The way is not protected, unless Dask's own settings say otherwise.
NO_TLS = Tls()


def scheduler_address(told: str, protected: bool) -> str:
    """A scheduler's address in full, such as ``tcp://127.0.0.1:8786``.

    Args:
        told: ``host``, ``host:port``, or in full.
        protected: the way there is encrypted.

    Raises:
        PlaybookError: it is none; or it is public and the way there is not encrypted.
    """
    found = _FORM.fullmatch(told.strip())
    if not found or int(found["port"] or PORT) > 65_535:
        raise PlaybookError(
            "this is no address of a scheduler", where=told, remedy="write it as tcp://192.168.1.10:8786"
        )
    scheme = found["scheme"] or ("tls" if protected else "tcp")
    if protected and scheme != "tls":
        raise PlaybookError(
            "this address is not encrypted, and certificates were given",
            where=told,
            remedy="begin it with tls://",
        )
    host = found["host"]
    if scheme != "tls" and is_public(host):
        raise PlaybookError(
            "this is a public address, and the way there is not encrypted: hand-ins and your secret would be "
            "read by anybody on it",
            where=told,
            remedy="use the address in your private network, or tls:// with --tls-ca, --tls-cert and --tls-key",
        )
    return f"{scheme}://{host}:{found['port'] or PORT}"


def host_of(address: str) -> str:
    """The host in an address in full."""
    return address.partition("://")[2].rpartition(":")[0].strip("[]")


def in_address(host: str) -> str:
    """A host as it stands in an address: a number of IPv6 in brackets."""
    return f"[{host}]" if host.count(":") > 1 and not host.startswith("[") else host


def is_public(host: str) -> bool:
    """Whether a host's address can be reached from everywhere; one that cannot be found is not."""
    return any(one.is_global for one in _numbers(host))


def is_found(host: str) -> bool:
    """Whether a host is a number, or a name that this machine can look up."""
    return bool(_numbers(host))


def is_this_machine(host: str) -> bool:
    """Whether an address reaches nobody but this machine."""
    numbers = _numbers(host)
    return bool(numbers) and all(one.is_loopback for one in numbers)


def _numbers(host: str) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    host = host.strip("[]")
    try:
        return [ipaddress.ip_address(host)]
    except ValueError:
        pass
    try:
        found = {str(one[4][0]).partition("%")[0] for one in socket.getaddrinfo(host, None)}
    except (OSError, UnicodeError):  # the latter for a name that can be none, such as `a..b`
        return []
    return [ipaddress.ip_address(one) for one in found]
