-- meet --
-- A visitor has a row from the first thing that Puls keeps of them.
INSERT INTO visitor AS known (id, kind, created_at, seen_at) VALUES (%(visitor_id)s, %(kind)s, %(now)s, %(now)s)
ON CONFLICT (id) DO UPDATE SET seen_at = greatest(known.seen_at, excluded.seen_at);

-- open_conversation --
-- The id follows from visitor and request, so that the same request twice opens one.
INSERT INTO conversation (id, visitor_id, title, created_at, last_turn_at)
VALUES (%(conversation_id)s, %(visitor_id)s, %(title)s, %(now)s, %(now)s)
ON CONFLICT (id) DO NOTHING;

-- continue_conversation --
UPDATE conversation SET last_turn_at = greatest(last_turn_at, %(now)s)
WHERE id = %(conversation_id)s RETURNING id;

-- begin_turn --
-- One row per request. A turn that failed, or that nobody answers any more, is begun again; else nothing comes back.
INSERT INTO turn (id, visitor_id, conversation_id, request_id, text, created_at, begun_at, process_id, experiment, arm)
VALUES (%(turn_id)s, %(visitor_id)s, %(conversation_id)s, %(request_id)s, %(text)s, %(now)s, %(now)s, %(process_id)s,
        %(experiment)s, %(arm)s)
ON CONFLICT (visitor_id, request_id) DO UPDATE
    SET state = 'begun', begun_at = %(now)s, failure = NULL, process_id = %(process_id)s,
        experiment = %(experiment)s, arm = %(arm)s
    WHERE turn.state = 'failed' OR (turn.state = 'begun' AND (
        (turn.process_id = %(process_id)s AND turn.id <> ALL (%(running)s::uuid[]))
        OR NOT EXISTS (SELECT FROM turn_process WHERE id = turn.process_id AND alive_until > clock_timestamp())))
RETURNING id;

-- finish_turn --
-- A turn that was erased meanwhile stays erased, and one that another process took over is theirs: nothing is written then.
WITH done AS (
    UPDATE turn SET state = 'finished', finished_at = %(now)s, kind = %(kind)s, language = %(language)s,
        wish = %(wish)s, answer = %(answer)s, writer = %(writer)s, milliseconds = %(milliseconds)s,
        checking = %(checking)s, usage = %(usage)s, kept = %(kept)s, seen = %(seen)s
    WHERE id = %(turn_id)s AND state = 'begun' AND process_id = %(process_id)s
    RETURNING id, visitor_id
), shown AS (
    INSERT INTO turn_event (turn_id, visitor_id, place, uid)
    SELECT done.id, done.visitor_id, event.place, event.uid
    FROM done CROSS JOIN unnest(%(uids)s::text[]) WITH ORDINALITY AS event (uid, place)
)
SELECT id FROM done;

-- fail_turn --
UPDATE turn SET state = 'failed', finished_at = %(now)s, failure = %(failure)s, answer = %(answer)s
WHERE id = %(turn_id)s AND state = 'begun' AND process_id = %(process_id)s RETURNING id;

-- fail_orphan --
-- A turn that nobody answers any more, stopped by its visitor.
UPDATE turn SET state = 'failed', finished_at = %(now)s, failure = %(failure)s
WHERE id = %(turn_id)s AND state = 'begun'
    AND NOT EXISTS (SELECT FROM turn_process WHERE id = turn.process_id AND alive_until > clock_timestamp())
RETURNING id;

-- turn --
SELECT turn.*, wish::text AS wish_text, kept::text AS kept_text,
    ARRAY(SELECT uid FROM turn_event WHERE turn_id = turn.id ORDER BY place) AS shown
FROM turn WHERE id = %(turn_id)s;

-- turn_of_request --
SELECT turn.*, wish::text AS wish_text, kept::text AS kept_text,
    ARRAY(SELECT uid FROM turn_event WHERE turn_id = turn.id ORDER BY place) AS shown
FROM turn WHERE request_id = %(request_id)s;

-- turns --
-- The last turns of a conversation, oldest first.
SELECT * FROM (
    SELECT turn.*, wish::text AS wish_text, kept::text AS kept_text,
        ARRAY(SELECT uid FROM turn_event WHERE turn_id = turn.id ORDER BY place) AS shown
    FROM turn
    WHERE conversation_id = %(conversation_id)s AND state = ANY (%(states)s)
    ORDER BY ordinal DESC LIMIT %(limit)s
) AS newest ORDER BY ordinal;

-- turns_before --
-- What lies before the window: how many turns, the last wish, and the events shown, those shown last first.
WITH earlier AS (
    SELECT id, ordinal, wish FROM turn
    WHERE conversation_id = %(conversation_id)s AND state = 'finished' AND ordinal < %(ordinal)s
), shown AS (
    SELECT uid, max(ordinal) AS last_shown, min(place) AS place
    FROM turn_event JOIN earlier ON turn_id = earlier.id GROUP BY uid
)
SELECT (SELECT count(*) FROM earlier) AS turns,
    (SELECT wish::text FROM earlier WHERE wish IS NOT NULL ORDER BY ordinal DESC LIMIT 1) AS wish_text,
    ARRAY(SELECT wish::text FROM earlier WHERE wish IS NOT NULL ORDER BY ordinal LIMIT %(limit)s) AS wishes,
    ARRAY(SELECT uid FROM shown ORDER BY last_shown DESC, place LIMIT %(limit)s) AS shown;

-- conversations --
SELECT id, title, created_at, last_turn_at,
    (SELECT count(*) FROM turn WHERE conversation_id = conversation.id) AS turns
FROM conversation ORDER BY last_turn_at DESC, id LIMIT %(limit)s;

-- conversation --
SELECT id, title, created_at, last_turn_at,
    (SELECT count(*) FROM turn WHERE conversation_id = conversation.id) AS turns
FROM conversation WHERE id = %(conversation_id)s;

-- rename_conversation --
UPDATE conversation SET title = %(title)s WHERE id = %(conversation_id)s RETURNING id;

-- delete_conversation --
DELETE FROM conversation WHERE id = %(conversation_id)s RETURNING id;

-- was_shown --
SELECT EXISTS (SELECT FROM turn_event WHERE turn_id = turn.id AND uid = %(uid)s) AS was_shown
FROM turn WHERE id = %(turn_id)s;

-- rate_turn --
-- The last thumb counts.
INSERT INTO feedback (visitor_id, turn_id, uid, category, thumb, reason, reason_code, created_at)
VALUES (%(visitor_id)s, %(turn_id)s, %(uid)s, %(category)s, %(thumb)s, %(reason)s, %(reason_code)s, %(now)s)
ON CONFLICT (turn_id, uid) DO UPDATE SET thumb = excluded.thumb, reason = excluded.reason,
    reason_code = excluded.reason_code, category = excluded.category, created_at = excluded.created_at;

-- answer_survey --
INSERT INTO survey_answer (turn_id, visitor_id, score, comment, created_at)
SELECT id, visitor_id, %(score)s, %(comment)s, %(now)s FROM turn WHERE id = %(turn_id)s
ON CONFLICT (turn_id) DO UPDATE SET score = excluded.score, comment = excluded.comment, created_at = excluded.created_at
RETURNING turn_id;

-- thumbs_of_conversation --
SELECT turn_id, uid, thumb FROM feedback
WHERE turn_id IN (SELECT id FROM turn WHERE conversation_id = %(conversation_id)s);

-- thumbs --
SELECT DISTINCT ON (uid) uid, category, thumb, created_at FROM feedback
WHERE uid IS NOT NULL AND category IS NOT NULL AND created_at > %(since)s
ORDER BY uid, created_at DESC;

-- preferences --
-- Those in force, oldest first.
SELECT id, kind, about, value::text AS value, origin, source_turn, created_at, expires_at FROM preference
WHERE expires_at > %(now)s ORDER BY id;

-- consents --
SELECT id, purpose, wording, given_at FROM consent WHERE withdrawn_at IS NULL ORDER BY purpose;

-- agree --
INSERT INTO consent (visitor_id, purpose, wording, given_at) VALUES (%(visitor_id)s, %(purpose)s, %(wording)s, %(now)s)
ON CONFLICT (visitor_id, purpose) WHERE withdrawn_at IS NULL DO NOTHING;

-- withdraw --
-- What stood on the consent goes with it, at once.
WITH withdrawn AS (
    UPDATE consent SET withdrawn_at = %(now)s WHERE purpose = %(purpose)s AND withdrawn_at IS NULL RETURNING id
)
DELETE FROM preference WHERE consent_id IN (SELECT id FROM withdrawn);

-- refuse --
-- Asked and declined, or taken back: whichever came last, one row tells it.
INSERT INTO consent (visitor_id, purpose, wording, withdrawn_at)
SELECT %(visitor_id)s, %(purpose)s, %(wording)s, %(now)s
WHERE NOT EXISTS (SELECT FROM consent WHERE purpose = %(purpose)s AND withdrawn_at IS NOT NULL);

-- refused --
SELECT DISTINCT purpose FROM consent WHERE withdrawn_at IS NOT NULL;

-- keep_preference --
-- Only while the consent is in force: it may have been withdrawn since it was read.
INSERT INTO preference (visitor_id, kind, about, value, origin, source_turn, consent_id, created_at, expires_at)
SELECT %(visitor_id)s, %(kind)s, %(about)s, %(value)s, %(origin)s,
    (SELECT id FROM turn WHERE id = %(source_turn)s), consent.id, %(now)s, %(expires_at)s
FROM consent WHERE purpose = %(purpose)s AND withdrawn_at IS NULL FOR SHARE
ON CONFLICT (visitor_id, kind, about) DO UPDATE SET value = excluded.value, origin = excluded.origin,
    source_turn = excluded.source_turn, consent_id = excluded.consent_id, created_at = excluded.created_at,
    expires_at = excluded.expires_at
RETURNING id;

-- drop_preferences --
-- Those of a kind, about one thing or about anything; all without a kind.
DELETE FROM preference
WHERE (%(kind)s::text IS NULL OR kind = %(kind)s) AND (%(about)s::text IS NULL OR about = %(about)s)
RETURNING id;

-- erase --
DELETE FROM visitor WHERE id = %(visitor_id)s;

-- held --
-- Everything that is held of the visitor, as one document. Row-level security is what limits it to them.
SELECT json_build_object(
    'visitor', (SELECT to_json(visitor) FROM visitor),
    'consents', (SELECT coalesce(json_agg(to_jsonb(consent) - '{id,visitor_id}'::text[] ORDER BY id), '[]') FROM consent),
    'preferences', (SELECT coalesce(json_agg(to_jsonb(preference) - '{visitor_id,consent_id}'::text[] ORDER BY id), '[]')
        FROM preference),
    'followed', (SELECT coalesce(json_agg(to_jsonb(followed_event) - 'visitor_id' ORDER BY followed_at, uid), '[]')
        FROM followed_event),
    'news', (SELECT coalesce(json_agg(to_jsonb(followed_news) - '{visitor_id,fingerprint}'::text[] ORDER BY noticed_at, uid), '[]')
        FROM followed_news),
    'saved_searches', (SELECT coalesce(json_agg(to_jsonb(saved_search) - '{visitor_id,known}'::text[]
            || jsonb_build_object('told', ARRAY(SELECT uid FROM letter_event WHERE saved_search_id = saved_search.id
                ORDER BY begun_at, uid)) ORDER BY created_at, id), '[]') FROM saved_search),
    'letters', (SELECT to_jsonb(mail_address) - 'visitor_id' FROM mail_address),
    'shares', (SELECT coalesce(json_agg(to_jsonb(share) - '{visitor_id,mark}'::text[] ORDER BY created_at, id), '[]') FROM share),
    'conversations', (SELECT coalesce(json_agg(to_jsonb(conversation) - 'visitor_id' || jsonb_build_object('turns',
            (SELECT coalesce(jsonb_agg(to_jsonb(turn) - '{visitor_id,ordinal}'::text[] || jsonb_build_object(
                'shown', ARRAY(SELECT uid FROM turn_event WHERE turn_id = turn.id ORDER BY place),
                'survey', (SELECT to_jsonb(survey_answer) - '{turn_id,visitor_id}'::text[]
                    FROM survey_answer WHERE turn_id = turn.id),
                'feedback', (SELECT coalesce(jsonb_agg(to_jsonb(feedback) - '{id,visitor_id}'::text[] ORDER BY id), '[]')
                    FROM feedback WHERE turn_id = turn.id)) ORDER BY ordinal), '[]')
             FROM turn WHERE conversation_id = conversation.id)) ORDER BY created_at), '[]')
        FROM conversation))::text AS held;

-- sweep_turns --
DELETE FROM turn WHERE created_at < %(before)s;

-- sweep_conversations --
DELETE FROM conversation WHERE last_turn_at < %(before)s
    AND NOT EXISTS (SELECT FROM turn WHERE conversation_id = conversation.id);

-- sweep_preferences --
DELETE FROM preference WHERE expires_at <= %(now)s;

-- sweep_followed --
-- What the catalogue knows today counts: a run that is prolonged stays followed.
DELETE FROM followed_event WHERE NOT EXISTS (
    SELECT FROM event JOIN occurrence ON occurrence.event_id = event.id
    WHERE event.uid = followed_event.uid AND occurrence.ends_at > %(over_before)s);

-- sweep_shares --
DELETE FROM share WHERE created_at < %(before)s;

-- sweep_visitors --
-- Visitors of whom nothing else is left and who have not come back; their consents go with them.
DELETE FROM visitor WHERE seen_at < %(before)s
    AND NOT EXISTS (SELECT FROM conversation WHERE visitor_id = visitor.id)
    AND NOT EXISTS (SELECT FROM preference WHERE visitor_id = visitor.id)
    AND NOT EXISTS (SELECT FROM followed_event WHERE visitor_id = visitor.id)
    AND NOT EXISTS (SELECT FROM saved_search WHERE visitor_id = visitor.id)
    AND NOT EXISTS (SELECT FROM mail_address WHERE visitor_id = visitor.id)
    AND NOT EXISTS (SELECT FROM share WHERE visitor_id = visitor.id);
