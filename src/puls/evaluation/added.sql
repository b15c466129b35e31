-- bad_turn --
-- As the role that sees turns with a thumb down alone.
SELECT turn.id, text, turn.created_at, kind, language, wish::text AS wish_text, feedback.reason_code,
    ARRAY(SELECT uid FROM turn_event WHERE turn_event.turn_id = turn.id ORDER BY turn_event.place) AS shown
FROM turn JOIN feedback ON feedback.turn_id = turn.id AND feedback.uid IS NULL AND feedback.thumb = 'down'
WHERE turn.id = %(turn_id)s

-- whose --
SELECT visitor_id FROM turn WHERE id = %(turn_id)s

-- before --
-- What the same visitor wrote before, in the same conversation; the last few, oldest first. Read as that visitor.
SELECT text FROM (
    SELECT earlier.text, earlier.ordinal
    FROM turn AS rated JOIN turn AS earlier
        ON earlier.conversation_id = rated.conversation_id AND earlier.ordinal < rated.ordinal
    WHERE rated.id = %(turn_id)s AND earlier.state = 'finished'
    ORDER BY earlier.ordinal DESC LIMIT %(most)s
) AS latest ORDER BY ordinal
