"""The signing key on this machine, in place of KMS: a new Ed25519 key in a file each time."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat


@cache
def create_key_file() -> Path:
    """Create the key file (PEM, PKCS 8) on first use. It is deleted when the process ends."""
    folder = Path(tempfile.mkdtemp(prefix="audit-log-key-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "signing-key.pem"
    key = Ed25519PrivateKey.generate()
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    path.chmod(0o600)
    return path
