"""A time stamp authority of our own: openssl behind the loopback server."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.support.loopback import Answer, Ask

_CONFIG = """
[tsa]
default_tsa = ours
[ours]
serial = {folder}/serial
signer_cert = {folder}/signer.pem
signer_key = {folder}/signer.key
default_policy = 1.2.3.4.1
digests = sha256, sha512
signer_digest = sha256
accuracy = secs:1
tsa_name = yes
ess_cert_id_alg = sha256
"""


class Authority:
    """Answers queries of RFC 3161; `ca` is the certificate to trust."""

    def __init__(self, folder: Path) -> None:
        openssl = shutil.which("openssl")
        if openssl is None:
            pytest.skip("openssl is not installed")
        self._openssl, self._folder = openssl, folder
        folder.mkdir()
        (folder / "serial").write_text("01\n")
        (folder / "tsa.cnf").write_text(_CONFIG.format(folder=folder))
        root, root_key = _certificate("Wurzel", None, None)
        signer, signer_key = _certificate("Zeitstempel", root, root_key)
        pem, none = serialization.Encoding.PEM, serialization.NoEncryption()
        self.ca = folder / "ca.pem"
        self.ca.write_bytes(root.public_bytes(pem))
        (folder / "signer.pem").write_bytes(signer.public_bytes(pem))
        (folder / "signer.key").write_bytes(
            signer_key.private_bytes(pem, serialization.PrivateFormat.PKCS8, none)
        )

    def answer(self, ask: Ask) -> Answer:
        """As the script of a loopback server."""
        query, reply = self._folder / "query.tsq", self._folder / "reply.tsr"
        query.write_bytes(ask.body)
        config = self._folder / "tsa.cnf"
        self.run("ts", "-reply", "-config", config, "-queryfile", query, "-out", reply)
        return Answer(200, {"Content-Type": "application/timestamp-reply"}, reply.read_bytes())

    def run(self, *arguments: object) -> str:
        """What openssl says."""
        command = [self._openssl, *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout


def _certificate(name, issuer, issuer_key):
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=9))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
    )
    if issuer is not None:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(usage, critical=True)
    return builder.sign(issuer_key or key, hashes.SHA256()), key
