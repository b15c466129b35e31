"""`python -m deploy.releasing deploy|back|show --environment staging …`.

Ends with 0: kept (or taken back, when that was asked); 1: bad and taken back; 2: nothing was done, or AWS failed midway (call again);
3: bad and held, a person decides.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import boto3
from botocore.config import Config

from deploy.releasing.burning import FASTEST, Prometheus
from deploy.releasing.cloud import Cloud, CloudError
from deploy.releasing.questions import Questions
from deploy.releasing.record import RecordError, Stage
from deploy.releasing.release import BusyError, CannotGoBackError, Limits, Releasing, Wanted

_ENDS = {Stage.KEPT: 0, Stage.TAKEN_BACK: 1, Stage.HELD: 3}
_NOT_DONE = 2
_PATIENCE = Config(connect_timeout=5, read_timeout=30, retries={"mode": "standard", "total_max_attempts": 4})  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    """Do it and say how it ended."""
    given = _parser().parse_args(arguments)
    session = boto3.Session(region_name=given.region)
    cloud = Cloud(
        given.environment,
        ecs=session.client("ecs", config=_PATIENCE),
        cloudwatch=session.client("cloudwatch", config=_PATIENCE),
        ssm=session.client("ssm", config=_PATIENCE),
    )
    try:
        return _done(given, cloud)
    except (BusyError, CannotGoBackError, CloudError, RecordError) as error:
        print(error, file=sys.stderr)
        return _NOT_DONE


def _done(given: argparse.Namespace, cloud: Cloud) -> int:
    if given.command == "show":
        last = cloud.read_record()
        print("nothing was released yet" if last is None else last.told())
        return 0
    releasing = Releasing(
        cloud,
        questions=Questions(given.url),
        burn=[Prometheus(given.prometheus, factor=given.burn)] if given.prometheus else [],
        limits=Limits(
            settle=timedelta(seconds=given.settle_seconds),
            watch=timedelta(seconds=given.watch_seconds),
            round=timedelta(seconds=given.round_seconds),
        ),
        clock=lambda: datetime.now(UTC),
        sleep=time.sleep,
        say=lambda line: print(line, flush=True),
    )
    if given.command == "back":
        releasing.back("asked for")
        return 0
    wanted = Wanted(
        version=given.version, image=given.image, schema=given.schema, may_change_schema=given.may_change_schema
    )  # fmt: skip
    return _ENDS[releasing.deploy(wanted).stage]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deploy.releasing")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, said in (
        ("deploy", "bring a version into service, or carry on"),
        ("back", "take the last one back"),
        ("show", "the last release"),
    ):
        one = commands.add_parser(name, help=said)
        one.add_argument("--environment", required=True, choices=("dev", "staging", "production"))
        one.add_argument("--region", default="eu-west-3")
        if name == "show":
            continue
        one.add_argument("--url", required=True, help="where visitors find it")
        one.add_argument("--prometheus", default="", help="a Prometheus with the rules of deploy/prometheus")  # fmt: skip
        one.add_argument("--burn", type=float, default=FASTEST, help="times the error budget")
        one.add_argument("--settle-seconds", type=float, default=900)
        one.add_argument("--watch-seconds", type=float, default=600)
        one.add_argument("--round-seconds", type=float, default=20)
    deploy = commands.choices["deploy"]
    deploy.add_argument("--version", required=True)
    deploy.add_argument("--image", required=True, type=_by_digest, help="with its digest")
    deploy.add_argument("--schema", default="", help="number of its newest migration, such as 0061")
    deploy.add_argument("--may-change-schema", action="store_true", help="a newer schema is meant; there is a backup")  # fmt: skip
    return parser


def _by_digest(image: str) -> str:
    if "@sha256:" not in image:
        raise argparse.ArgumentTypeError(f"{image} has no digest: a tag may be another image tomorrow")  # fmt: skip
    return image


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
