-- venues_like --
-- The venue of a key and those that are the same one, the longest known first.
SELECT v.key AS venue_key, v.name AS venue_name, v.address, v.district, v.postcode, v.city, v.commune_code,
       v.department_code, v.region_code, v.country_code, v.lat, v.lon, v.is_approximate
FROM venue own JOIN venue v ON v.id = own.id OR (
    own.commune_code IS NOT NULL AND v.commune_code = own.commune_code AND puls_fold(v.name) = puls_fold(own.name))
WHERE own.key = %(key)s AND own.name IS NOT NULL
ORDER BY v.id

-- events_at --
-- One record of each event (`duplicate_key`); the repeats of a series are one line, at its next date.
SELECT uid, count(*) OVER () AS all FROM (
    SELECT DISTINCT ON (e.series_key) e.uid, coming.starts_at, coming.is_possible
    FROM event e JOIN venue v ON v.id = e.venue_id JOIN event_filter f ON f.event_id = e.id
    CROSS JOIN LATERAL (
        SELECT o.starts_at, o.is_possible FROM occurrence o WHERE o.event_id = e.id AND o.ends_at > %(now)s
        ORDER BY o.starts_at LIMIT 1) AS coming
    WHERE v.key = ANY(%(keys)s) AND f.is_cultural AND f.status = ANY(%(findable)s)
      AND e.uid <> %(beside)s
      AND e.series_key IS DISTINCT FROM (SELECT series_key FROM event WHERE uid = %(beside)s)
      AND e.duplicate_key IS DISTINCT FROM (SELECT duplicate_key FROM event WHERE uid = %(beside)s)
    ORDER BY e.series_key, coming.starts_at, e.uid) AS once
ORDER BY is_possible, greatest(starts_at, %(now)s), uid LIMIT %(limit)s
