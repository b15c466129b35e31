-- latest --
-- Identities are given in the order in which events were first seen. Of a series, the last one speaks for all.
SELECT uid FROM (
    SELECT DISTINCT ON (e.series_key) e.id, e.uid
    FROM ({matching}) AS matching JOIN event e ON e.id = matching.event_id
    ORDER BY e.series_key, e.id DESC
) AS newest
ORDER BY id DESC LIMIT %(limit)s
