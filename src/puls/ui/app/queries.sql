-- listed --
-- Events that a search engine may show: to come, cultural, not invented.
SELECT count(*) AS events FROM event JOIN event_filter ON event_id = event.id
WHERE last_ends_at > %(now)s AND is_cultural AND removed_at IS NULL AND coalesce(agenda_title, '') NOT LIKE %(sample)s;

-- addresses --
SELECT uid, updated_at FROM event JOIN event_filter ON event_id = event.id
WHERE last_ends_at > %(now)s AND is_cultural AND removed_at IS NULL AND coalesce(agenda_title, '') NOT LIKE %(sample)s
ORDER BY event.id OFFSET %(skip)s LIMIT %(limit)s;
