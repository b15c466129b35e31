-- share --
-- Up to a number of them.
INSERT INTO share (id, visitor_id, mark, kind, conversation_id, last_ordinal, stops, language, title, created_at)
SELECT %(id)s, %(visitor_id)s, %(mark)s, %(what)s, %(conversation_id)s, %(last_ordinal)s, %(stops)s, %(language)s, %(title)s, %(now)s
WHERE (SELECT count(*) FROM share) < %(most)s
RETURNING id, visitor_id, kind, conversation_id, last_ordinal, stops, language, title, created_at;

-- title_of --
-- And how far it has come; nothing while nothing was answered in it.
SELECT title, (SELECT max(ordinal) FROM turn WHERE conversation_id = conversation.id AND state = 'finished') AS last_ordinal
FROM conversation WHERE id = %(conversation_id)s;

-- shares --
SELECT id, visitor_id, kind, conversation_id, last_ordinal, stops, language, title, created_at
FROM share ORDER BY created_at DESC, id;

-- revoke --
DELETE FROM share WHERE id = %(id)s;

-- hold_link --
-- Whoever reads holds the link of one row: row-level security shows no other.
SELECT set_config('puls.share', %(mark)s, true);

-- opened --
SELECT id, visitor_id, kind, conversation_id, last_ordinal, stops, language, title, created_at FROM share WHERE mark = %(mark)s;
