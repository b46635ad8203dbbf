"""What stands in for a key in KMS: an Ed25519 key in a file, made anew for each process."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat


@cache
def create_key_file() -> Path:
    """The file, PEM and PKCS 8; it is gone when the process ends."""
    folder = Path(tempfile.mkdtemp(prefix="audit-log-key-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "signing-key.pem"
    key = Ed25519PrivateKey.generate()
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    path.chmod(0o600)
    return path
