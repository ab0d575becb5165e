"""Time stamps of RFC 3161: a named authority signs that a package existed at a time."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any

from scraper.errors import FetchError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_QUERY = "application/timestamp-query"
_MISSING = (
    "Time stamps and indexes of WACZ files need the extra `evidence`, which is not installed: "
    '`python -m pip install "newsroom-archive[evidence]"`'
)
_GRANTED = (0, 1)
_MOST_TOKENS = 20
_UNREADABLE = (
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    StopIteration,
)


def missing_extra(error: ImportError) -> UsageError:
    """What to say where the libraries are not installed."""
    return UsageError(f"{_MISSING} ({error.name} is missing).")


def stamp(data: bytes, url: str, post: Callable[[str, bytes, str], bytes]) -> dict[str, str]:
    """Have an authority sign the SHA-256 of some bytes; only the digest is sent.

    Args:
        data: what is signed.
        url: of the authority.
        post: sends bytes of a media type to an address, and returns the answer.

    Returns:
        `url`, and `token`: the authority's answer (TimeStampResp, DER) as base64.

    Raises:
        FetchError: there is no answer, or it is no time stamp of these bytes.
        UsageError: the extra is not installed.
    """
    try:
        import rfc3161_client
    except ImportError as error:
        raise missing_extra(error) from error
    sha256 = rfc3161_client.HashAlgorithm.SHA256
    request = rfc3161_client.TimestampRequestBuilder().data(data).hash_algorithm(sha256).build()
    answer = post(url, request.as_bytes(), _QUERY)
    try:
        found = rfc3161_client.decode_timestamp_response(answer)
        granted = found.status in _GRANTED
        info = found.tst_info if granted else None
    except ValueError as error:
        raise FetchError(url, f"the answer is no time stamp ({error})") from error
    if info is None:
        raise FetchError(url, f"the authority refuses a time stamp (status {found.status})")
    if info.message_imprint.message != hashlib.sha256(data).digest() or info.nonce != request.nonce:
        raise FetchError(url, "the time stamp is one of something else")
    return {"url": url, "token": base64.b64encode(answer).decode("ascii")}


def check(
    data: bytes, stamps: list[Any], ca: Path | None
) -> tuple[list[dict[str, str]], list[str]]:
    """Check time stamps offline.

    Args:
        data: what they are said to be of.
        stamps: as `stamp` returns them.
        ca: PEM file of certificates that are trusted; None compares digests only, and leaves
            open who signed them.

    Returns:
        Of each that holds `url time signer`, and a sentence for each that does not.

    Raises:
        UsageError: the extra is not installed, or `ca` holds no certificates.
    """
    if not stamps:
        return [], []
    try:
        import rfc3161_client
    except ImportError as error:
        raise missing_extra(error) from error
    trusted = _trusted(ca)
    sound, troubles = [], []
    for number, entry in enumerate(stamps[:_MOST_TOKENS], start=1):
        try:
            sound.append(_checked(data, entry, trusted))
        except (rfc3161_client.VerificationError, *_UNREADABLE) as error:
            troubles.append(f"Time stamp {number} does not hold: {error}.")
    if len(stamps) > _MOST_TOKENS:
        troubles.append(f"There are {len(stamps):,} time stamps; {_MOST_TOKENS} were checked.")
    return sound, troubles


def _checked(data: bytes, entry: Any, trusted: list[Any]) -> dict[str, str]:
    """What a time stamp says, if it holds."""
    import rfc3161_client
    from cryptography import x509

    found = rfc3161_client.decode_timestamp_response(base64.b64decode(entry["token"]))
    known = [x509.load_der_x509_certificate(each) for each in found.signed_data.certificates]
    info = found.tst_info
    if trusted:
        builder = rfc3161_client.VerifierBuilder(intermediates=known, roots=trusted)
        builder.build().verify_message(found, data)
    elif info.message_imprint.message != hashlib.sha256(data).digest():
        raise ValueError("it is one of something else")
    issuer = next(iter(found.signed_data.signer_infos)).issuer
    signer = next((_name(each) for each in known if each.issuer == issuer), "?")
    return {"url": str(entry["url"]), "time": info.gen_time.isoformat(), "signer": signer}


def _name(certificate: Any) -> str:
    name: str = certificate.subject.rfc4514_string()
    return name


def _trusted(ca: Path | None) -> list[Any]:
    if ca is None:
        return []
    from cryptography import x509

    try:
        return list(x509.load_pem_x509_certificates(ca.read_bytes()))
    except (OSError, ValueError) as error:
        raise UsageError(
            f"{ca} holds no certificates in PEM that can be read ({error})."
        ) from error
