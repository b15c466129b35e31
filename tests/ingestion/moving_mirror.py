"""A mirror whose records are edited, added and removed while they are read, at random and by a clock of its own."""

import json
import random
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from tests.ingestion.examples import mirror_record
from tests.ingestion.servers import Asked, Reply

START = datetime(2026, 11, 1, tzinfo=UTC)
Comparing = Literal["numbers", "refused", "ignored"]
"""What the mirror does with `uid > "…"`: nothing public says for texts."""


class MovingMirror:
    """The Explore API over records that move. Every request may change something before or after its answer."""

    def __init__(self, seed: int, *, restless: bool = True) -> None:
        self.chance = random.Random(seed)
        self.comparing: Comparing = self.chance.choice(("numbers", "refused", "ignored"))
        self.restless = restless
        self.now = START
        self.records: dict[str, dict[str, Any]] = {}
        self.asked = 0
        for _ in range(self.chance.randrange(1, 25)):
            self._add()

    def clock(self) -> datetime:
        return self.now

    @property
    def truth(self) -> dict[str, str]:
        """What a catalogue that missed nothing holds."""
        return {uid: record["title_fr"] for uid, record in self.records.items()}

    def __call__(self, asked: Asked) -> Reply:
        self.asked += 1
        assert self.asked < 5_000, "the reader does not come to an end"
        self._move()
        reply = self._answer(asked)
        self._move()
        return reply

    def _answer(self, asked: Asked) -> Reply:
        if asked.path.endswith("/exports/jsonl"):
            rows = self._sorted(self.records.values())
            self._move()  # an export takes its time
            return Reply("".join(f"{json.dumps(row)}\n" for row in rows))
        if asked.path.endswith("/records"):
            return self._page(asked)
        return Reply({"metas": {"default": {"license": "Licence Ouverte"}}})

    def _page(self, asked: Asked) -> Reply:
        where = asked.get("where") or ""
        if "uid >" in where and self.comparing == "refused":
            return Reply({"error_code": "ODSQLError", "message": "no such comparison"}, status=400)
        rows = self._sorted(self._fitting(where))
        limit, offset = int(asked["limit"]), int(asked.get("offset") or 0)
        return Reply({"total_count": len(rows), "results": rows[offset : offset + limit]})

    def _fitting(self, where: str) -> Iterable[dict[str, Any]]:
        since = re.search(r"updatedat >= date'([^']+)'", where)
        before = re.search(r"updatedat < date'([^']+)'", where)
        after = re.search(r'uid > "(\d+)"', where) if self.comparing == "numbers" else None
        least, limit = since[1] if since else "", before[1] if before else "9999"
        number = after[1] if after else ""
        return (
            row
            for row in self.records.values()
            if least <= row["updatedat"][:19] < limit and row["uid"] > number
        )

    @staticmethod
    def _sorted(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        return sorted(rows, key=lambda row: (row["updatedat"], row["uid"]))

    # What happens meanwhile

    def _move(self) -> None:
        for _ in range(self.chance.choice((0, 0, 1, 1, 4)) if self.restless else 0):
            self.now += timedelta(seconds=self.chance.choice((0, 0, 0, 1, 60, 7_200)))
            match self.chance.randrange(10):
                case 0 | 1:
                    self._add()
                case 2:
                    self._add(late=timedelta(minutes=self.chance.randrange(1, 1_400)))
                case 3:
                    for uid in self.chance.sample(sorted(self.records), min(9, len(self.records))):
                        self._edit(uid)  # an agenda republished: many in one second
                case _:
                    self._edit(self.chance.choice(sorted(self.records)))

    def _add(self, late: timedelta = timedelta(0)) -> None:
        uid = str(self.chance.randrange(1_000, 9_999))
        self.records[uid] = mirror_record(
            uid=uid, title_fr=f"Concert {self.chance.random()}", updatedat=self._moment(late)
        )

    def _edit(self, uid: str) -> None:
        self.records[uid] = {
            **self.records[uid],
            "title_fr": f"Concert {self.chance.random()}",
            "updatedat": self._moment(),
        }

    def _moment(self, late: timedelta = timedelta(0)) -> str:
        return (self.now - late).replace(microsecond=0).isoformat()
