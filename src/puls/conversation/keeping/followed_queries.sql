-- follow --
-- Up to a number of them; whoever follows it already has seen it as it is now.
INSERT INTO followed_event (visitor_id, uid, followed_at, seen_at, status, next_starts_at)
SELECT %(visitor_id)s, %(uid)s, %(now)s, %(now)s, %(status)s, %(next_starts_at)s
WHERE (SELECT count(*) FROM followed_event WHERE uid <> %(uid)s) < %(most)s
ON CONFLICT (visitor_id, uid) DO UPDATE SET seen_at = excluded.seen_at, status = excluded.status,
    next_starts_at = excluded.next_starts_at
RETURNING uid;

-- unfollow --
DELETE FROM followed_event WHERE uid = %(uid)s;

-- followed --
-- The latest first.
SELECT uid, followed_at, seen_at, status, next_starts_at FROM followed_event ORDER BY followed_at DESC, uid;

-- known_since --
-- When Puls first kept something of the visitor; another moment after an erasure.
SELECT created_at FROM visitor;
