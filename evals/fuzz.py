"""Serve the sample catalogue and let schemathesis look for broken answers, within bounds: `make fuzz`.

`positive_data_acceptance` is left out: a well-formed value may mean nothing (no such place), which is a documented 422.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

PATIENCE_SECONDS = 60.0


def main() -> int:
    scripts = Path(sys.executable).parent
    with socket.socket() as free, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        Path(folder).chmod(0o755)
        environment = os.environ | {"PULS_HOME": f"{folder}/home"}
        server = subprocess.Popen(
            [scripts / "puls", "serve", "--port", str(port), "--with-sample", "--desk"],
            env=environment,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/health/ready")
            return subprocess.run(
                [
                    scripts / "st",
                    "run",
                    f"http://127.0.0.1:{port}/openapi.json",
                    *[
                        "--checks",
                        "all",
                        "--exclude-checks",
                        "positive_data_acceptance",
                        "--max-examples",
                        "300",
                    ],
                    *["--seed", "42", "--generation-database", "none", "--workers", "2"],
                    *[
                        "--continue-on-failure",
                        "--suppress-health-check",
                        "all",
                        "--request-timeout",
                        "20",
                    ],
                ],
                check=False,
            ).returncode
        finally:
            server.terminate()
            server.wait(20)


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            if httpx.get(url, timeout=2).is_success:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.5)
    raise SystemExit(f"Puls was not ready within {PATIENCE_SECONDS:.0f} s.")


if __name__ == "__main__":
    sys.exit(main())
