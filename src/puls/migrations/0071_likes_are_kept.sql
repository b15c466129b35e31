-- « J'aime » and « Suivre » are one thing now, « Garder »: an event that a visitor liked, and that is not over, is kept, up to
-- as many as Puls keeps (MOST_FOLLOWED in conversation/keeping/followed.py). The thumbs stay where they are: preferences are
-- learnt from them. Row-level security is lifted from the owner for this statement and put back.
ALTER TABLE feedback NO FORCE ROW LEVEL SECURITY;
ALTER TABLE followed_event NO FORCE ROW LEVEL SECURITY;
INSERT INTO followed_event (visitor_id, uid, followed_at, seen_at, status, next_starts_at)
SELECT visitor_id, uid, liked_at, liked_at, status, next_starts_at
FROM (
    SELECT liked.visitor_id, liked.uid, liked.liked_at, event.status, coming.next_starts_at,
           row_number() OVER (PARTITION BY liked.visitor_id ORDER BY liked.liked_at DESC, liked.uid)
           + (SELECT count(*) FROM followed_event AS before WHERE before.visitor_id = liked.visitor_id) AS place
    FROM (SELECT visitor_id, uid, max(created_at) AS liked_at FROM feedback
          WHERE thumb = 'up' AND uid IS NOT NULL GROUP BY visitor_id, uid) AS liked
    JOIN event ON event.uid = liked.uid AND event.removed_at IS NULL
    CROSS JOIN LATERAL (SELECT min(starts_at) AS next_starts_at FROM occurrence
                        WHERE event_id = event.id AND ends_at > now()) AS coming
    WHERE coming.next_starts_at IS NOT NULL
      AND NOT EXISTS (SELECT FROM followed_event AS kept
                      WHERE kept.visitor_id = liked.visitor_id AND kept.uid = liked.uid)
) AS chosen
WHERE place <= 200;
ALTER TABLE followed_event FORCE ROW LEVEL SECURITY;
ALTER TABLE feedback FORCE ROW LEVEL SECURITY;
