"""Install the peers into a folder of their own, so that the product never sees them."""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
PEERS = PROJECT / ".peers"
_NAMED = PROJECT / "bench" / "peers" / "requirements.txt"
_STAMP = PEERS / ".installed"


def install_peers() -> None:
    """Install what `bench/peers/requirements.txt` names, unless that very file was installed."""
    named = sha256(_NAMED.read_bytes()).hexdigest()
    if _STAMP.is_file() and _STAMP.read_text() == named:
        return
    asked = ["--upgrade", "--require-hashes", "--no-deps", "-r", str(_NAMED)]
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(PEERS)]
    subprocess.run([*command, *asked], check=True)
    _STAMP.write_text(named)
