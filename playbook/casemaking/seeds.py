"""Seeds: one number or secret in, one independent stream of random numbers per table out."""

from hashlib import blake2b

import numpy as np

#: The course's stated seed: the cases that ship are made from it.
COURSE_SEED = 2025

Seed = int | bytes | str


def shipped_seed(adcode: str) -> int:
    """The seed of the case that ships for a city."""
    return COURSE_SEED * 1_000_000 + int(adcode)


def stream(seed: Seed, purpose: str) -> np.random.Generator:
    """A PCG64 generator for one purpose; other purposes of the same seed do not move it.

    Args:
        seed: a whole number, secret bytes, or text (an HMAC in hexadecimal).
        purpose: any text, e.g. the table's name.
    """
    raw = seed if isinstance(seed, bytes) else str(seed).encode()
    digest = blake2b(purpose.encode(), key=blake2b(raw, digest_size=32).digest(), digest_size=16).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest, "big")))
