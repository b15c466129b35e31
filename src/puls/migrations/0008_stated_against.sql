-- What an organiser states against a wish, apart from what nobody states: an event of unknown price or access is shown
-- marked, one that is stated paid or not accessible is not shown to who asks for the contrary.
ALTER TABLE event ADD COLUMN not_accessible text[] NOT NULL DEFAULT '{}';
ALTER TABLE event_filter
    ADD COLUMN is_paid boolean NOT NULL DEFAULT false,
    ADD COLUMN inaccessible_bits smallint NOT NULL DEFAULT 0;
UPDATE event_filter f SET is_paid = true FROM event e WHERE e.id = f.event_id AND e.price_kind = 'paid';
