-- live_version --
-- The live one, or the one that is named, to compare it with.
SELECT v.id, v.model, v.dimensions, s.drawn_at
FROM index_version v LEFT JOIN index_statistics s ON s.version_id = v.id
WHERE CASE WHEN %(version)s::int IS NULL THEN v.state = 'live' ELSE v.id = %(version)s END

-- statistics --
SELECT mean_topic, sample FROM index_statistics WHERE version_id = %(version)s

-- has_gaps --
-- Whether some findable event has no vector in this version yet.
SELECT EXISTS (
    SELECT FROM event_filter f WHERE NOT EXISTS (SELECT FROM {embeddings} v WHERE v.event_id = f.event_id)
) AS has_gaps

-- words --
SELECT word, events FROM search_word

-- stems --
SELECT lexeme FROM search_lexeme

-- fitting --
-- Every event that satisfies the filters, nothing else asked; for tests and for judging other engines.
SELECT uid FROM event WHERE id IN (SELECT event_id FROM ({matching}) AS matching)

-- count_fitting --
SELECT count(*) AS filtered FROM ({matching}) AS matching

-- few --
-- The events under the filters, as far as they are few enough to look at each one (`exact_limit`). Those that are not sure
-- are looked at when all together are few.
fitting AS MATERIALIZED (
    {matching} LIMIT {most}
), counted AS MATERIALIZED (
    SELECT count(*) AS n, count(*) FILTER (WHERE is_sure) <= %(exact_limit)s AS are_few,
           count(*) <= %(exact_limit)s AS are_all_few
    FROM fitting
)

-- measured --
-- The similarity of each of the few, in one pass through the index for the whole list: a join would descend into it for each.
measured AS MATERIALIZED (
    SELECT v.event_id, 1 - (v.embedding <=> %(vector)s::halfvec) AS similarity
    FROM {embeddings} v
    WHERE %(vector)s::halfvec IS NOT NULL AND (SELECT are_few FROM counted)
      AND v.event_id = ANY(ARRAY(SELECT event_id FROM fitting WHERE is_sure OR (SELECT are_all_few FROM counted)))
)

-- nearest --
-- The meaning leg. When few events fit, each one's vector was compared; when many do, the HNSW graph is walked until enough
-- of those met satisfy the filters.
    (SELECT measured.event_id FROM measured {with_filter}
     ORDER BY {unsure_last} similarity DESC LIMIT %(candidates)s)
    UNION ALL
    (SELECT v.event_id FROM {embeddings} v
     WHERE %(vector)s::halfvec IS NOT NULL AND NOT (SELECT are_few FROM counted)
       AND EXISTS (SELECT FROM event_filter f WHERE f.event_id = v.event_id AND {strict} OFFSET 0)
     ORDER BY v.embedding <=> %(vector)s::halfvec LIMIT %(candidates)s)

-- nearest_uids --
-- The meaning leg alone, for measuring its recall.
WITH {few}, {measured}, dense AS (
{nearest}
)
SELECT e.uid FROM dense JOIN event e ON e.id = event_id JOIN {embeddings} v USING (event_id)
ORDER BY v.embedding <=> %(vector)s::halfvec

-- topic_words --
-- The topic's words (`theme_words`), each as what holds it exactly, by its root, or by a synonym. A word weighs by its rarity
-- (BM25's inverse document frequency), a phrase as its rarest stem, and of what says the same the commonest.
total AS (
    SELECT greatest(1, reltuples)::float8 AS n FROM pg_class WHERE oid = 'event_filter'::regclass
), topic_phrase AS (
    SELECT p.position, p.is_said, p.weight, phrase.query, phrase.rarity, phrase.events,
           CASE WHEN phrase.stems = 1 AND length(phrase.stem) >= 6
                THEN (quote_literal(left(phrase.stem, greatest(6, length(phrase.stem) - 1))) || ':*')::tsquery END AS root
    FROM unnest(%(word_positions)s::int[], %(word_phrases)s::text[], %(word_said)s::bool[], %(word_weights)s::float8[])
         AS p (position, words, is_said, weight)
    CROSS JOIN total
    CROSS JOIN LATERAL (
        SELECT plainto_tsquery('puls_french', puls_fold(p.words)) AS query, count(*) AS stems, min(stem.lexeme) AS stem,
               min(coalesce(known.events, 1)) AS events,
               max(ln(1 + (total.n - coalesce(known.events, 1) + 0.5) / (coalesce(known.events, 1) + 0.5))) AS rarity
        FROM unnest(to_tsvector('puls_french', puls_fold(p.words))) AS stem
        LEFT JOIN search_lexeme known ON known.lexeme = stem.lexeme) AS phrase
    WHERE phrase.stems > 0
), topic_word AS MATERIALIZED (
    SELECT position, min(weight) * min(rarity) FILTER (WHERE is_said) AS weight, sum(events) AS events,
           (string_agg(query::text, ' | ') FILTER (WHERE is_said))::tsquery AS said,
           (string_agg(root::text, ' | ') FILTER (WHERE is_said))::tsquery AS root,
           (string_agg(query::text, ' | ') FILTER (WHERE NOT is_said))::tsquery AS near
    FROM topic_phrase GROUP BY position HAVING bool_or(is_said)
), topic AS MATERIALIZED (
    -- The telling words are the rarest, as long as the events that hold one are few enough to be read, and at least the rarest
    -- of all; `rest` is what the others weigh.
    SELECT nullif(sum(weight), 0) AS whole,
           coalesce(sum(weight) FILTER (WHERE NOT is_telling), 0) AS rest,
           string_agg(query, ' | ')::tsquery AS query,
           (string_agg(query, ' | ') FILTER (WHERE is_telling))::tsquery AS telling
    FROM (SELECT weight, concat_ws(' | ', said::text, root::text, near::text) AS query,
                 sum(events) OVER by_rarity <= %(scan_limit)s OR row_number() OVER by_rarity = 1 AS is_telling
          FROM topic_word WINDOW by_rarity AS (ORDER BY events, position)) AS words
)

-- held --
-- What the event's words cover of the topic's, in nats.
(SELECT coalesce(sum(w.weight * CASE WHEN {of}.search_text @@ w.said THEN 1 WHEN {of}.search_text @@ w.root THEN %(root_worth)s
                                     WHEN {of}.search_text @@ w.near THEN %(synonym_worth)s ELSE 0 END), 0)
 FROM topic_word w)

-- worded --
-- The events under the filters that hold a word of the topic; when many are under them, a telling one.
worded AS MATERIALIZED (
    (SELECT e.id AS event_id, e.category, e.search_text FROM fitting JOIN event e ON e.id = fitting.event_id
     WHERE (SELECT n FROM counted) <= %(scan_limit)s AND e.search_text @@ (SELECT query FROM topic))
    UNION ALL
    (SELECT e.id, e.category, e.search_text FROM event e
     WHERE (SELECT n > %(scan_limit)s AND are_few FROM counted) AND e.search_text @@ (SELECT telling FROM topic)
       AND (e.id IN (SELECT event_id FROM fitting)) IS TRUE
     LIMIT %(scan_limit)s)
    UNION ALL
    (SELECT e.id, e.category, e.search_text FROM event e
     WHERE NOT (SELECT are_few FROM counted) AND e.search_text @@ (SELECT telling FROM topic)
       AND EXISTS (SELECT FROM event_filter f WHERE f.event_id = e.id AND {strict} OFFSET 0)
     LIMIT %(scan_limit)s)
)

-- on_theme --
-- Which of the few are on theme: `theme.Theme.standing` of each that may be. Most are told by their similarity alone, since
-- no words could make it good; others are so near that the words not looked up (`rest`) or none at all are enough.
chance AS MATERIALIZED (
    SELECT ln(greatest(1, least(n, %(exact_limit)s))::float8) AS nats FROM counted
), likely AS MATERIALIZED (
    SELECT near.event_id, near.z,
           %(per_z)s * near.z + %(at_rest)s - %(per_nat_short)s * (chance.nats - %(surprise)s * topic.rest)
               * CASE WHEN chance.nats > %(surprise)s * topic.rest THEN 1 - (topic.rest / topic.whole) ^ %(whole)s ELSE 1 END
               >= %(on_theme_from)s AS is_near_enough
    FROM (SELECT event_id, (similarity - %(mean)s::float8) / %(deviation)s::float8 AS z FROM measured) AS near, chance, topic
    WHERE %(per_z)s * near.z + %(at_rest)s + %(per_nat_short)s * greatest(0, %(surprise)s * topic.whole - chance.nats)
          >= %(on_theme_from)s
    UNION ALL
    SELECT event_id, NULL, false FROM fitting
    WHERE %(some_unmeasured)s AND (is_sure OR (SELECT are_all_few FROM counted))
      AND event_id NOT IN (SELECT event_id FROM measured WHERE %(mean)s::float8 IS NOT NULL)
), standing AS MATERIALIZED (
    SELECT one.event_id,
           CASE WHEN one.z IS NULL THEN %(per_share_alone)s * one.held / topic.whole + %(at_rest_alone)s
                ELSE %(per_z)s * one.z + %(at_rest)s
                     - %(per_nat_short)s * (chance.nats - %(surprise)s * one.held)
                       * CASE WHEN chance.nats > %(surprise)s * one.held
                              THEN 1 - coalesce(one.held / topic.whole, 0) ^ %(whole)s ELSE 1 END END
           - CASE WHEN one.category <> 'other' AND one.category <> ALL(%(kinds)s::text[]) AND cardinality(%(kinds)s::text[]) > 0
                  THEN %(for_another_kind)s ELSE 0 END AS standing
    FROM (
        SELECT worded.event_id, worded.category, likely.z, {held_by_worded} AS held
        FROM likely JOIN worded USING (event_id)
        UNION ALL
        SELECT e.id, e.category, likely.z, {held}
        FROM likely JOIN event e ON e.id = likely.event_id
        WHERE likely.is_near_enough AND NOT EXISTS (SELECT FROM worded WHERE worded.event_id = likely.event_id)
    ) AS one, chance, topic
), on_theme AS MATERIALIZED (
    SELECT event_id FROM standing WHERE standing >= %(on_theme_from)s AND (SELECT are_few FROM counted)
    UNION
    SELECT f.event_id FROM fitting JOIN event_filter f USING (event_id)
    WHERE f.category = ANY(%(kinds_alone)s::text[]) AND (SELECT are_few FROM counted)
      AND (fitting.is_sure OR (SELECT are_all_few FROM counted))
)

-- count_on_theme --
-- The events that a search with this wish finds on theme.
WITH {few}, {measured}, {worded}, {on_theme}
SELECT event_id FROM on_theme

-- count_few --
-- The same without a topic.
WITH {few} SELECT event_id FROM fitting

-- count_on_theme_sure --
-- Of these, those that state all that was asked.
WITH {few}, {measured}, {worded}, {on_theme}
SELECT event_id FROM on_theme JOIN fitting USING (event_id) WHERE fitting.is_sure

-- count_few_sure --
WITH {few} SELECT event_id FROM fitting WHERE is_sure

-- find --
-- One round trip. Two legs propose candidates under the filters: meaning (`nearest`) and words (each stem weighs by its
-- rarity). A wish without a topic has another one: what comes first. Ranking is done in Python.
WITH {few}, {topic_words}, term AS MATERIALIZED (
    -- A stem seen once or never weighs most.
    SELECT quote_literal(stem.lexeme)::tsquery AS query,
           asked.weight * ln(1 + (total.n - coalesce(known.events, 1) + 0.5) / (coalesce(known.events, 1) + 0.5)) AS weight
    FROM unnest(%(texts)s::text[], %(weights)s::float8[]) AS asked (words, weight)
    CROSS JOIN unnest(to_tsvector('puls_french', puls_fold(asked.words))) AS stem
    CROSS JOIN total
    LEFT JOIN search_lexeme known ON known.lexeme = stem.lexeme
), {measured}, dense AS (
{nearest}
), {worded}, lexical AS (
    SELECT worded.event_id FROM worded {with_filter}
    ORDER BY {unsure_last} (SELECT sum(t.weight * ts_rank(%(label_weights)s::float4[], search_text, t.query)) FROM term t) DESC,
             worded.event_id
    LIMIT %(candidates)s
), soonest AS (
    (SELECT fitting.event_id
     FROM fitting CROSS JOIN LATERAL (
        SELECT min(greatest(o.starts_at, %(now)s)) AS starts_at, bool_and(o.is_possible) AS is_possible
        FROM occurrence o
        WHERE o.event_id = fitting.event_id AND o.starts_at < %(until)s AND o.ends_at > %(since)s) AS f
     WHERE %(soonest)s AND (SELECT are_few FROM counted)
     ORDER BY NOT fitting.is_sure, f.is_possible, f.starts_at, fitting.event_id LIMIT %(candidates)s)
    UNION
    (SELECT o.event_id FROM occurrence o
     WHERE %(soonest)s AND NOT (SELECT are_few FROM counted) AND NOT o.is_long
       AND o.starts_at >= greatest(%(since)s, %(now)s) AND o.starts_at < %(until)s
       AND EXISTS (SELECT FROM event_filter f WHERE f.event_id = o.event_id AND {strict} OFFSET 0)
     ORDER BY o.starts_at LIMIT %(candidates)s)
), {on_theme}, candidate AS (
    -- A play whose text never says « théâtre » is on theme by its kind: without a vector, no leg would propose it.
    SELECT event_id FROM dense UNION SELECT event_id FROM lexical UNION SELECT event_id FROM soonest
    UNION (SELECT event_id FROM on_theme WHERE %(some_unmeasured)s LIMIT %(candidates)s)
)
SELECT {columns},
       o.starts_at, o.ends_at, o.is_possible, o.is_day_known_only,
       1 - (x.embedding <=> %(vector)s::halfvec) AS similarity,
       halfvec_send(x.embedding) AS vector,
       coalesce((SELECT sum(t.weight * ts_rank(%(label_weights)s::float4[], e.search_text, t.query)) FROM term t), 0) AS word_score,
       {held} AS held, (SELECT whole FROM topic) AS whole,
       (SELECT n FROM counted) AS filtered, (SELECT are_few FROM counted) AS are_few,
       (SELECT count(*) FROM on_theme) AS on_theme
FROM candidate
JOIN event e ON e.id = candidate.event_id
LEFT JOIN venue v ON v.id = e.venue_id
LEFT JOIN {embeddings} x ON x.event_id = e.id
JOIN LATERAL (
    SELECT o.starts_at, o.ends_at, o.is_possible, o.is_day_known_only
    FROM occurrence o,
         unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[], %(open_from)s::timestamptz[]) AS asked (starts_at, ends_at, open_from)
    WHERE o.event_id = e.id AND o.starts_at < asked.ends_at AND o.ends_at > asked.starts_at
      AND (o.starts_at >= asked.starts_at - interval '1 hour' OR o.ends_at > asked.open_from)
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
       NULL::float8 AS similarity, NULL::bytea AS vector, 0::float8 AS word_score, 0::float8 AS held, NULL::float8 AS whole
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
