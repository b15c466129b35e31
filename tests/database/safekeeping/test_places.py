"""Where backups are kept: a folder, and a bucket of a real S3 server's language (moto)."""

import asyncio
import os
import socket
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pyrage
import pytest
from moto.server import ThreadedMotoServer

from puls.database import EmbeddedServer, migrate
from puls.database.backup import contents_of, restore
from puls.database.safekeeping.kept import back_up_to, fetched
from puls.database.safekeeping.places import Folder, Place, is_place, place_of
from puls.errors import BackupError
from puls.identity.secret import kept_secret

pytestmark = pytest.mark.database

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a database and a secret."""
    home = tmp_path_factory.mktemp("kept") / "home"
    server = EmbeddedServer(home)
    url = server.start()
    asyncio.run(migrate(url))
    kept_secret(home)
    server.release()
    return home


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Place:
    for name, value in (
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_DEFAULT_REGION", "eu-west-3"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
    ):
        monkeypatch.setenv(name, value)
    client = boto3.client("s3", endpoint_url=endpoint)
    name = f"puls-{os.urandom(4).hex()}"
    client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})
    client.put_object(Bucket=name, Key="paris/somebody-elses.zip", Body=b"-")
    return place_of(f"s3://{name}/paris", endpoint=endpoint)


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "bucket":
        found: Place = request.getfixturevalue("bucket")
        return found
    (tmp_path / "away").mkdir()
    (tmp_path / "away" / "somebody-elses.zip").touch()
    return Folder(tmp_path / "away")


def test_a_backup_is_put_away_and_comes_back(home: Path, place: Place, tmp_path: Path) -> None:
    """On another disk or in another town: what is beside the database burns with it."""
    kept = back_up_to(home, place, now=NOW)
    assert kept is not None
    assert place.names() == [kept.name] == ["puls-2026-11-30T120000Z.zip"]
    with fetched(place, None, identity=None) as file:
        assert contents_of(file) == kept.contents
        restore(tmp_path / "elsewhere", file, replaces=False)
    assert (tmp_path / "elsewhere" / "secret").read_bytes() == (home / "secret").read_bytes()
    assert not list(home.glob(".backing-up-*"))


def test_the_oldest_go_when_the_new_one_is_there(home: Path, place: Place, tmp_path: Path) -> None:
    """And nothing of anybody else's."""
    (tmp_path / "x").write_bytes(b"-")
    for day in range(1, 4):
        place.put(tmp_path / "x", f"puls-2026-11-0{day}.zip")
    kept = back_up_to(home, place, now=NOW, keep=2)
    assert kept is not None
    assert kept.removed == ["puls-2026-11-01.zip", "puls-2026-11-02.zip"]
    assert place.names() == ["puls-2026-11-03.zip", "puls-2026-11-30T120000Z.zip"]
    if isinstance(place, Folder):
        assert (tmp_path / "away" / "somebody-elses.zip").exists()


def test_nothing_is_written_over(place: Place, tmp_path: Path) -> None:
    """Two machines of one clock."""
    (tmp_path / "x").write_bytes(b"first")
    place.put(tmp_path / "x", "puls-2026-11-01.zip")
    with pytest.raises(BackupError, match=r"puls-2026-11-01\.zip"):
        place.put(tmp_path / "x", "puls-2026-11-01.zip")


def test_a_day_s_backup_is_made_once(home: Path, place: Place) -> None:
    """The job may run again after a crash."""
    assert back_up_to(home, place, now=NOW, name="puls-2026-11-30.zip") is not None
    later = NOW + timedelta(hours=1)
    assert back_up_to(home, place, now=later, name="puls-2026-11-30.zip") is None


def test_a_sealed_backup_opens_with_its_key_alone(home: Path, place: Place, tmp_path: Path) -> None:
    """The server has only the public key: who steals it reads no backup."""
    mine, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    for name, key in (("mine", mine), ("other", other)):
        (tmp_path / name).write_text(f"# created: today\n{key}\n")
    kept = back_up_to(home, place, now=NOW, recipients=[str(mine.to_public())])
    assert kept is not None
    assert kept.name.endswith(".zip.age")
    with fetched(place, None, identity=tmp_path / "mine") as file:
        assert contents_of(file) == kept.contents
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for identity, why in ((None, "is sealed"), (tmp_path / "other", "another key")):
        with (
            pytest.raises(BackupError, match=why),
            fetched(place, None, identity=identity),
        ):
            pytest.fail("it was opened")


def test_a_sealed_backup_that_was_cut_is_refused(home: Path, tmp_path: Path) -> None:
    """A half that opens would be taken for a whole."""
    key = pyrage.x25519.Identity.generate()
    (tmp_path / "key").write_text(str(key))
    place = Folder(tmp_path / "away")
    kept = back_up_to(home, place, now=NOW, recipients=[str(key.to_public())])
    assert kept is not None
    file = tmp_path / "away" / kept.name
    file.write_bytes(file.read_bytes()[:-1000])
    with (
        pytest.raises(BackupError, match="changed or cut"),
        fetched(place, None, identity=tmp_path / "key"),
    ):
        pytest.fail("it was opened")


def test_a_bucket_that_is_not_there_is_told(endpoint: str, bucket: Place) -> None:
    """By S3's own word, without addresses or keys."""
    del bucket
    with pytest.raises(BackupError, match="NoSuchBucket"):
        place_of("s3://not-there/puls", endpoint=endpoint).names()


def test_a_server_that_is_not_there_is_told(bucket: Place, free_port: int) -> None:
    """Within its tries."""
    del bucket
    with pytest.raises(BackupError, match="EndpointConnectionError"):
        place_of("s3://any/puls", endpoint=f"http://127.0.0.1:{free_port}").names()


@pytest.fixture
def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def test_a_place_is_told_from_a_file(tmp_path: Path) -> None:
    """`puls backup FILE` stays what it was."""
    assert is_place("s3://b/c")
    assert is_place(str(tmp_path))
    assert is_place(f"{tmp_path}/new/")
    assert not is_place(f"{tmp_path}/new.zip")
