-- titles --
-- What is on from now on, soonest first: of one title in one town, once.
SELECT title, uid, city, events FROM (
    SELECT DISTINCT ON (puls_fold(e.title), v.city) e.title, e.uid, v.city,
           count(*) OVER (PARTITION BY puls_fold(e.title), v.city) AS events, f.last_ends_at, e.id
    FROM event e JOIN event_filter f ON f.event_id = e.id LEFT JOIN venue v ON v.id = e.venue_id
    WHERE f.last_ends_at > %(now)s AND f.is_cultural
    ORDER BY puls_fold(e.title), v.city, f.last_ends_at, e.id
) AS titles
ORDER BY last_ends_at, id LIMIT %(most)s

-- venues --
-- Where something is still to come, with how much.
SELECT v.name, v.city, v.commune_code, count(*) AS events
FROM venue v JOIN event e ON e.venue_id = v.id JOIN event_filter f ON f.event_id = e.id
WHERE v.name IS NOT NULL AND f.last_ends_at > %(now)s AND f.is_cultural
GROUP BY v.name, v.city, v.commune_code
ORDER BY count(*) DESC, v.name LIMIT %(most)s

-- towns --
-- Communes where something is still to come, with how much.
SELECT f.commune_code AS code, count(*) AS events
FROM event_filter f
WHERE f.commune_code IS NOT NULL AND f.last_ends_at > %(now)s AND f.is_cultural
GROUP BY f.commune_code
