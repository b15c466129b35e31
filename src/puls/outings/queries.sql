-- occurrences_during --
-- When each of these events takes place in a span, hours known only: a plan cannot be made around the others.
SELECT e.uid, o.starts_at, o.ends_at
FROM event e
JOIN occurrence o ON o.event_id = e.id
WHERE e.uid = ANY(%(uids)s)
  AND o.starts_at < %(until)s AND o.ends_at > %(since)s
  AND NOT o.is_possible AND NOT o.is_day_known_only AND o.is_findable
ORDER BY e.uid, o.starts_at
