"""Digests, under which documents are stored and requests recognised."""

from __future__ import annotations

import hashlib


def digest_of(content: bytes) -> str:
    """Return the digest (SHA-256, 64 hexadecimal digits) of a document."""
    return hashlib.sha256(content).hexdigest()
