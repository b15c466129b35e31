-- versions --
SELECT id, model, dimensions, recipe, state, created_at, switched_at FROM index_version ORDER BY id

-- create_version --
INSERT INTO index_version (model, dimensions, recipe, state)
VALUES (%(model)s, %(dimensions)s, %(recipe)s, 'building') RETURNING id

-- create_table --
CREATE TABLE {embeddings} (
    event_id      integer PRIMARY KEY REFERENCES event (id) ON DELETE CASCADE,
    content_hash  bytea NOT NULL,
    embedding     halfvec({dimensions}) NOT NULL
);
ALTER TABLE {embeddings} ALTER embedding SET STORAGE PLAIN;
CREATE INDEX ON {embeddings} (content_hash)

-- create_ann_index --
CREATE INDEX IF NOT EXISTS {index} ON {embeddings} USING hnsw (embedding halfvec_cosine_ops) WITH (m = 16, ef_construction = 100)

-- count_state --
-- How many findable events there are and how many of them have an up-to-date vector.
SELECT count(*) AS events, count(*) FILTER (WHERE v.content_hash = e.content_hash) AS embedded
FROM event_filter f JOIN event e ON e.id = f.event_id
LEFT JOIN {embeddings} v ON v.event_id = e.id

-- reuse_vectors --
-- The same words were embedded before, for another event: take that vector.
WITH missing AS (
    SELECT e.id, e.content_hash
    FROM event_filter f JOIN event e ON e.id = f.event_id
    LEFT JOIN {embeddings} v ON v.event_id = e.id
    WHERE v.content_hash IS DISTINCT FROM e.content_hash
), known AS (
    SELECT DISTINCT ON (m.id) m.id, m.content_hash, v.embedding
    FROM missing m JOIN {embeddings} v ON v.content_hash = m.content_hash
)
INSERT INTO {embeddings} (event_id, content_hash, embedding)
SELECT id, content_hash, embedding FROM known
ON CONFLICT (event_id) DO UPDATE SET content_hash = excluded.content_hash, embedding = excluded.embedding

-- claim --
-- One event for each text that nobody embedded yet and that no other worker holds, be it for another event; shortest
-- texts first, because a batch costs what its longest text costs.
WITH held AS (
    SELECT DISTINCT e.content_hash
    FROM embedding_claim c JOIN event e ON e.id = c.event_id
    WHERE c.version_id = %(version)s AND c.claimed_until > clock_timestamp()
), chosen AS (
    SELECT min(e.id) AS id
    FROM event_filter f JOIN event e ON e.id = f.event_id
    LEFT JOIN {embeddings} v ON v.event_id = e.id
    LEFT JOIN held ON held.content_hash = e.content_hash
    WHERE v.content_hash IS DISTINCT FROM e.content_hash AND held.content_hash IS NULL
      AND NOT EXISTS (SELECT FROM {embeddings} known WHERE known.content_hash = e.content_hash)
    GROUP BY e.content_hash
    ORDER BY min(least(400, length(e.title) + coalesce(length(e.description), 0))), 1
    LIMIT %(batch)s
)
INSERT INTO embedding_claim (version_id, event_id, claimed_until)
SELECT %(version)s, id, clock_timestamp() + %(lasts)s::interval FROM chosen
ON CONFLICT (version_id, event_id) DO UPDATE SET claimed_until = excluded.claimed_until
RETURNING event_id

-- texts --
SELECT id, content_hash, title, keywords, description, left(details, 600) AS details FROM event WHERE id = ANY(%(ids)s)

-- save_vectors --
INSERT INTO {embeddings} (event_id, content_hash, embedding)
SELECT id, hash, embedding::halfvec FROM unnest(%(ids)s::int[], %(hashes)s::bytea[], %(vectors)s::text[]) AS t (id, hash, embedding)
ON CONFLICT (event_id) DO UPDATE SET content_hash = excluded.content_hash, embedding = excluded.embedding

-- prolong --
UPDATE embedding_claim SET claimed_until = clock_timestamp() + %(lasts)s::interval
WHERE version_id = %(version)s AND event_id = ANY(%(ids)s)

-- release --
DELETE FROM embedding_claim WHERE version_id = %(version)s AND event_id = ANY(%(ids)s)

-- retire_live --
UPDATE index_version SET state = 'retired' WHERE state = 'live'

-- make_live --
UPDATE index_version SET state = 'live', switched_at = %(now)s WHERE id = %(version)s

-- forget_version --
DELETE FROM index_version WHERE id = %(version)s

-- statistics_state --
SELECT (SELECT count(*) FROM {embeddings}) AS vectors,
       (SELECT drawn_from FROM index_statistics WHERE version_id = %(version)s) AS drawn_from

-- draw_sample --
-- Always the same events as long as they are there: those whose hashed ids come first.
SELECT embedding::real[] AS embedding FROM {embeddings} ORDER BY md5(event_id::text) LIMIT %(size)s

-- save_statistics --
INSERT INTO index_statistics (version_id, mean_topic, sample, drawn_from, drawn_at)
VALUES (%(version)s, %(mean_topic)s, %(sample)s, %(drawn_from)s, %(now)s)
ON CONFLICT (version_id) DO UPDATE SET
    mean_topic = excluded.mean_topic, sample = excluded.sample, drawn_from = excluded.drawn_from, drawn_at = excluded.drawn_at
