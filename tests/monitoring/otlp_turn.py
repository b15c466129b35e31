"""A program of the tests: one chat turn over HTTP by a Puls of its own, traced to wherever `OTEL_*` says. Prints the trace's id.

`PULS_DATABASE_URL` names a database with events; argv: the question, then the `traceparent` to send.
"""

import asyncio
import sys

import httpx

from puls.api.app import create_app
from puls.bootstrap import open_puls, warm_up
from puls.settings import Settings


async def main(question: str, traceparent: str) -> None:
    settings = Settings()
    app = create_app(lambda: open_puls(settings, is_serving=True), allowed_hosts=("puls.test",))
    async with app.router.lifespan_context(app):
        await warm_up(app.state.puls)  # reading the weights may take longer than a request has
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://puls.test") as http:
            answer = await http.post(
                "/v1/chat",
                json={"text": question},
                headers={"traceparent": traceparent},
                timeout=60,
            )
            await http.get("/v1/search", params={"q": question}, timeout=60)
        print(answer.status_code, "event: done" in answer.text)  # noqa: T201 # what the test reads


asyncio.run(main(*sys.argv[1:]))
