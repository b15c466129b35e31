-- fits --
-- How many events satisfy the filters of one relaxation; no more are counted than a search does.
(SELECT {position} AS position, count(*) AS events FROM (
    SELECT FROM event_filter f WHERE {filters} LIMIT {most}
) AS fits)

-- fits_on_topic --
-- The same with a theme: those that hold one of its words, or of the words that mean the same.
(SELECT {position} AS position, count(*) AS events FROM (
    SELECT FROM event_filter f JOIN event e ON e.id = f.event_id
    WHERE {filters} AND e.search_text @@ (SELECT query FROM theme) LIMIT {most}
) AS fits)

-- count_each --
WITH theme AS MATERIALIZED (
    SELECT string_agg(quote_literal(stem.lexeme), ' | ')::tsquery AS query
    FROM unnest(%(texts)s::text[]) AS asked (words)
    CROSS JOIN unnest(to_tsvector('puls_french', puls_fold(asked.words))) AS stem
)
{branches}
