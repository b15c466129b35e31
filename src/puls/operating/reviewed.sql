-- worst --
-- Answers with a thumb down, the latest first. Row-level security shows no others.
SELECT turn.id, turn.created_at, turn.text, turn.kind, turn.writer, turn.found, feedback.reason_code,
       survey_answer.score
FROM feedback JOIN turn ON turn.id = feedback.turn_id
LEFT JOIN survey_answer ON survey_answer.turn_id = turn.id
WHERE feedback.thumb = 'down' AND feedback.uid IS NULL
  AND feedback.created_at >= %(since)s AND turn.created_at >= %(since)s AND turn.created_at >= %(kept_since)s
ORDER BY feedback.created_at DESC, turn.id LIMIT %(limit)s;

-- reviewed --
-- One of them, whole.
SELECT turn.id, turn.created_at, turn.text, turn.kind, turn.language, turn.state, turn.failure, turn.writer, turn.answer,
       turn.wish::text AS wish_text, turn.kept, turn.milliseconds, turn.checking, turn.usage, turn.seen,
       feedback.reason, feedback.reason_code, survey_answer.score,
       coalesce((SELECT jsonb_agg(jsonb_build_object('uid', shown.uid, 'title', event.title) ORDER BY shown.place)
                 FROM turn_event AS shown LEFT JOIN event ON event.uid = shown.uid
                 WHERE shown.turn_id = turn.id), '[]') AS shown
FROM turn JOIN feedback ON feedback.turn_id = turn.id AND feedback.thumb = 'down' AND feedback.uid IS NULL
LEFT JOIN survey_answer ON survey_answer.turn_id = turn.id
WHERE turn.id = %(turn_id)s AND turn.created_at >= %(kept_since)s;

-- titles --
SELECT uid, title FROM event WHERE uid = ANY (%(uids)s);
