-- What the live web said of events in the catalogue.

-- The last check of each event that was ever checked; `times_asked` and `asked_at` tell what visitors ask about. Nothing of
-- who asked. `facts` holds what is only shown again (changes, times, what says otherwise).
CREATE TABLE web_check (
    uid               text PRIMARY KEY,
    outcome           text NOT NULL,
    proof             text,
    url               text,
    is_strong         boolean NOT NULL,
    says              text NOT NULL,
    why_not           text NOT NULL,
    facts             jsonb NOT NULL,
    source_updated_at timestamptz,
    checked_at        timestamptz NOT NULL,
    asked_at          timestamptz NOT NULL,
    times_asked       bigint NOT NULL DEFAULT 0
);
CREATE INDEX web_check_asked ON web_check (asked_at);

-- A strong finding that the catalogue's record does not say yet. While the row is there, search goes by it: `status` stands
-- in `event_filter` in place of the record's (0: its source no longer has it), and the event's other rows are as the record
-- says. It ends when a record comes that was updated at `record_from` or later, when a later check says otherwise, or at
-- `until` for what a page alone said.
CREATE TABLE web_note (
    event_id     integer PRIMARY KEY REFERENCES event (id) ON DELETE CASCADE,
    outcome      text NOT NULL,
    status       smallint CHECK (status BETWEEN 0 AND 6),
    proof        text NOT NULL,
    url          text,
    noted_at     timestamptz NOT NULL,
    record_from  timestamptz NOT NULL,
    until        timestamptz
);
