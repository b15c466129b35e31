-- The kind that was asked for, also where only words say it: « concert » is a topic of the wish, and its `categories` stay empty
-- unless a form or an edit gives them. Without this every demand of a conversation counted under « all kinds ».
--
-- A generated column takes no new expression before PostgreSQL 17, so it is made anew: the table is rewritten once, as by 0058.
-- Turns told before keep the empty theme; `turn_unmet` goes with the column and comes back.
ALTER TABLE turn DROP COLUMN theme;
ALTER TABLE turn ADD COLUMN theme text GENERATED ALWAYS AS (
    CASE WHEN wish IS NOT NULL THEN coalesce(wish #>> '{wish,categories,0}', seen ->> 'theme', '') END) STORED;
CREATE INDEX turn_unmet ON turn (created_at) INCLUDE (visitor_id, place, theme, topic)
    WHERE found IN ('off_theme', 'nothing');
GRANT SELECT (theme) ON turn TO puls_figures;
