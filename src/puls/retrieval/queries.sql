-- live_version --
SELECT id, model, dimensions FROM index_version WHERE state = 'live'

-- has_gaps --
-- Whether some findable event has no vector in this version yet.
SELECT EXISTS (
    SELECT FROM event_filter f WHERE NOT EXISTS (SELECT FROM {embeddings} v WHERE v.event_id = f.event_id)
) AS has_gaps

-- words --
SELECT word, events FROM search_word

-- stems --
SELECT lexeme FROM search_lexeme

-- from_now --
-- Something of it is still to come.
f.last_ends_at > %(now)s

-- during --
-- It is open during one of the intervals.
f.event_id IN ({open_events})

-- open_events --
-- The events that are open during one of the intervals, perhaps several times. Short occurrences are found by their
-- start alone (they last 25 h at most).
    SELECT o.event_id
    FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[]) AS asked (starts_at, ends_at)
    JOIN occurrence o ON NOT o.is_long AND o.starts_at < asked.ends_at
        AND o.starts_at > asked.starts_at - interval '25 hours' AND o.ends_at > asked.starts_at
    WHERE {which}
    UNION ALL
    SELECT o.event_id
    FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[]) AS asked (starts_at, ends_at)
    JOIN occurrence o ON o.is_long AND o.starts_at < asked.ends_at AND o.ends_at > asked.starts_at
    WHERE {which}

-- any --
true

-- findable --
o.is_findable

-- matching --
SELECT f.event_id FROM event_filter f WHERE {filters}

-- matching_by_time_alone --
-- « Ce week-end » and nothing else: the occurrences know enough.
SELECT DISTINCT event_id FROM ({open_events}) AS open

-- in_areas --
(f.commune_code = ANY(%(commune_codes)s) OR f.postcode = ANY(%(postcodes)s)
 OR f.department_code = ANY(%(department_codes)s) OR f.region_code = ANY(%(region_codes)s))

-- in_circle --
-- The box finds candidates in the index; the haversine (IUGG mean radius) decides.
f.position <@ box(point(%(west)s, %(south)s), point(%(east)s, %(north)s))
AND 2 * 6371.0088 * asin(least(1, sqrt(
    sin(radians(f.position[1] - %(lat)s) / 2) ^ 2
    + cos(radians(%(lat)s)) * cos(radians(f.position[1])) * sin(radians(f.position[0] - %(lon)s) / 2) ^ 2))) <= %(radius_km)s

-- free --
f.is_free

-- at_most --
-- An unknown price stays: it is marked, not guessed.
(f.price_lowest IS NULL OR f.price_lowest <= %(max_price)s)

-- for_ages --
-- Everyone is welcome, or no age is stated.
coalesce(f.age_min, 0) <= %(youngest)s AND coalesce(f.age_max, 200) >= %(oldest)s

-- accessible --
f.accessibility_bits & %(accessibility_bits)s = %(accessibility_bits)s

-- by_attendance --
f.attendance = ANY(%(attendances)s)

-- of_categories --
f.category = ANY(%(categories)s)

-- not_of_categories --
f.category <> ALL(%(excluded_categories)s)

-- by_status --
f.status = ANY(%(statuses)s)

-- cultural --
f.is_cultural

-- without_words --
NOT EXISTS (
    SELECT FROM event, unnest(%(excluded_words)s::text[]) AS unwanted (word)
    WHERE id = f.event_id AND search_text @@ phraseto_tsquery('puls_french', puls_fold(word)))

-- fitting --
-- Every event that satisfies the filters, nothing else asked; for tests and for judging other engines.
SELECT uid FROM event WHERE id IN ({matching})

-- count_fitting --
SELECT count(*) AS fitting FROM ({matching}) AS matching

-- few --
-- The events under the filters, as far as they are few enough to look at each one (`exact_limit`).
fitting AS MATERIALIZED (
    {matching} LIMIT %(exact_limit)s + 1
), counted AS MATERIALIZED (
    SELECT count(*) AS n, count(*) <= %(exact_limit)s AS are_few FROM fitting
)

-- nearest --
-- The meaning leg. When few events fit, each one's vector is compared (one pass through the index for the whole list,
-- where a join would descend into it for each event); when many do, the HNSW graph is walked until enough of those met
-- satisfy the filters.
    (SELECT v.event_id FROM {embeddings} v
     WHERE %(vector)s::halfvec IS NOT NULL AND (SELECT are_few FROM counted)
       AND v.event_id = ANY(ARRAY(SELECT event_id FROM fitting))
     ORDER BY v.embedding <=> %(vector)s::halfvec LIMIT %(candidates)s)
    UNION ALL
    (SELECT v.event_id FROM {embeddings} v
     WHERE %(vector)s::halfvec IS NOT NULL AND NOT (SELECT are_few FROM counted)
       AND EXISTS (SELECT FROM event_filter f WHERE f.event_id = v.event_id AND {filters} OFFSET 0)
     ORDER BY v.embedding <=> %(vector)s::halfvec LIMIT %(candidates)s)

-- nearest_uids --
-- The meaning leg alone, for measuring its recall.
WITH {few}, dense AS (
{nearest}
)
SELECT e.uid FROM dense JOIN event e ON e.id = event_id JOIN {embeddings} v USING (event_id)
ORDER BY v.embedding <=> %(vector)s::halfvec

-- find --
-- One round trip. Two legs propose candidates under the filters: meaning (`nearest`) and words (each stem weighs by its
-- rarity). A wish without a topic has another one: what comes first. Ranking is done in Python.
WITH {few}, total AS (
    SELECT greatest(1, reltuples)::float8 AS n FROM pg_class WHERE oid = 'event_filter'::regclass
), term AS MATERIALIZED (
    -- BM25's inverse document frequency; a stem seen once or never weighs most.
    SELECT stem.lexeme, quote_literal(stem.lexeme)::tsquery AS query, coalesce(known.events, 1) AS events,
           asked.weight * ln(1 + (total.n - coalesce(known.events, 1) + 0.5) / (coalesce(known.events, 1) + 0.5)) AS weight
    FROM unnest(%(texts)s::text[], %(weights)s::float8[]) AS asked (words, weight)
    CROSS JOIN unnest(to_tsvector('puls_french', puls_fold(asked.words))) AS stem
    CROSS JOIN total
    LEFT JOIN search_lexeme known ON known.lexeme = stem.lexeme
), any_term AS MATERIALIZED (
    SELECT string_agg(query::text, ' | ')::tsquery AS query FROM term
), rare_term AS MATERIALIZED (
    -- The rarest stems whose events together are few enough to be read one by one, and at least the rarest of all.
    SELECT string_agg(query::text, ' | ')::tsquery AS query
    FROM (SELECT query, sum(events) OVER by_rarity AS events_so_far, row_number() OVER by_rarity AS position
          FROM term WINDOW by_rarity AS (ORDER BY events, lexeme)) AS sorted
    WHERE events_so_far <= %(scan_limit)s OR position = 1
), dense AS (
{nearest}
), worded AS (
    (SELECT e.id AS event_id, e.search_text FROM fitting JOIN event e ON e.id = fitting.event_id
     WHERE (SELECT n FROM counted) <= %(scan_limit)s AND e.search_text @@ (SELECT query FROM any_term))
    UNION ALL
    (SELECT e.id, e.search_text FROM event e
     WHERE (SELECT n > %(scan_limit)s AND are_few FROM counted) AND e.search_text @@ (SELECT query FROM rare_term)
       AND (e.id IN (SELECT event_id FROM fitting)) IS TRUE
     LIMIT %(scan_limit)s)
    UNION ALL
    (SELECT e.id, e.search_text FROM event e
     WHERE NOT (SELECT are_few FROM counted) AND e.search_text @@ (SELECT query FROM rare_term)
       AND EXISTS (SELECT FROM event_filter f WHERE f.event_id = e.id AND {filters} OFFSET 0)
     LIMIT %(scan_limit)s)
), lexical AS (
    SELECT event_id FROM worded
    ORDER BY (SELECT sum(t.weight * ts_rank(%(label_weights)s::float4[], search_text, t.query)) FROM term t) DESC, event_id
    LIMIT %(candidates)s
), soonest AS (
    (SELECT fitting.event_id
     FROM fitting CROSS JOIN LATERAL (
        SELECT min(greatest(o.starts_at, %(now)s)) AS starts_at, bool_and(o.is_possible) AS is_possible
        FROM occurrence o
        WHERE o.event_id = fitting.event_id AND o.starts_at < %(until)s AND o.ends_at > %(since)s) AS f
     WHERE %(soonest)s AND (SELECT are_few FROM counted)
     ORDER BY f.is_possible, f.starts_at, fitting.event_id LIMIT %(candidates)s)
    UNION
    (SELECT o.event_id FROM occurrence o
     WHERE %(soonest)s AND NOT (SELECT are_few FROM counted) AND NOT o.is_long
       AND o.starts_at >= greatest(%(since)s, %(now)s) AND o.starts_at < %(until)s
       AND EXISTS (SELECT FROM event_filter f WHERE f.event_id = o.event_id AND {filters} OFFSET 0)
     ORDER BY o.starts_at LIMIT %(candidates)s)
), candidate AS (
    SELECT event_id FROM dense UNION SELECT event_id FROM lexical UNION SELECT event_id FROM soonest
)
SELECT {columns},
       o.starts_at, o.ends_at, o.is_possible, o.is_day_known_only,
       1 - (x.embedding <=> %(vector)s::halfvec) AS similarity,
       coalesce((SELECT sum(t.weight * ts_rank(%(label_weights)s::float4[], e.search_text, t.query)) FROM term t), 0) AS word_score,
       (SELECT coalesce(sum(t.weight) FILTER (WHERE e.search_text @@ t.query) / nullif(sum(t.weight), 0), 0) FROM term t) AS word_share,
       (SELECT n FROM counted) AS fitting
FROM candidate
JOIN event e ON e.id = candidate.event_id
LEFT JOIN venue v ON v.id = e.venue_id
LEFT JOIN {embeddings} x ON x.event_id = e.id
JOIN LATERAL (
    SELECT o.starts_at, o.ends_at, o.is_possible, o.is_day_known_only
    FROM occurrence o, unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[]) AS asked (starts_at, ends_at)
    WHERE o.event_id = e.id AND o.starts_at < asked.ends_at AND o.ends_at > asked.starts_at
    ORDER BY o.is_possible, o.ends_at <= %(now)s, o.starts_at LIMIT 1) AS o ON true

-- columns --
e.uid, e.source, e.title, e.slug, e.description, e.keywords, e.category, e.non_cultural_reason, e.status,
e.attendance, e.accessibility, e.not_accessible, e.age_min, e.age_max, e.price_kind, e.price_lowest, e.price_highest,
e.price_on_registration, e.price_conditions, e.image_url, e.image_credits, e.registration, e.online_url,
e.timezone, e.agenda_uid, e.agenda_title, e.url, e.updated_at, e.licence, e.duplicate_key, e.series_key,
v.key AS venue_key, v.name AS venue_name, v.address, v.district, v.postcode, v.city, v.commune_code,
v.department_code, v.region_code, v.country_code, v.lat, v.lon, v.is_approximate

-- of_uids --
-- The events of these uids as results: each with the occurrence that fits the wish, else the next one, else the last.
SELECT {columns},
       o.starts_at, o.ends_at, o.is_possible, o.is_day_known_only,
       NULL::float8 AS similarity, 0::float8 AS word_score, 0::float8 AS word_share
FROM event e
LEFT JOIN venue v ON v.id = e.venue_id
JOIN LATERAL (
    SELECT o.starts_at, o.ends_at, o.is_possible, o.is_day_known_only
    FROM occurrence o
    WHERE o.event_id = e.id
    ORDER BY EXISTS (SELECT FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[]) AS asked (starts_at, ends_at)
                     WHERE o.starts_at < asked.ends_at AND o.ends_at > asked.starts_at) DESC,
             o.ends_at > %(now)s DESC, o.is_possible, abs(extract(epoch FROM o.starts_at - %(now)s)) LIMIT 1) AS o ON true
WHERE e.uid = ANY(%(uids)s)
