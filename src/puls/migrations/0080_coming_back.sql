-- Searches that visitors keep, and letters by e-mail to those who asked for them twice.

-- `asked`: words and values of the question, never a position. `known`: what the visitor has seen of it, so that news is
-- what differs (puls/returning/whats_new.py). `considered_at`: when a letter was last thought of.
CREATE TABLE saved_search (
    id             uuid PRIMARY KEY,
    visitor_id     uuid NOT NULL REFERENCES visitor (id) ON DELETE CASCADE,
    name           text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    asked          jsonb NOT NULL,
    known          jsonb NOT NULL,
    letters        text NOT NULL DEFAULT 'none' CHECK (letters IN ('none', 'daily', 'weekly')),
    created_at     timestamptz NOT NULL,
    seen_at        timestamptz NOT NULL,
    considered_at  timestamptz NOT NULL,
    UNIQUE (id, visitor_id),
    UNIQUE (visitor_id, asked)
);

-- The address of who confirmed it from their mailbox, with the words that they agreed to; there is no row before that,
-- and none after they stopped.
CREATE TABLE mail_address (
    visitor_id    uuid PRIMARY KEY REFERENCES visitor (id) ON DELETE CASCADE,
    address       text NOT NULL CHECK (length(address) BETWEEN 3 AND 254),
    language      text NOT NULL CHECK (language IN ('fr', 'en')),
    wording       text NOT NULL,
    confirmed_at  timestamptz NOT NULL
);

-- What a letter told of a saved search: the same event is never told twice. `sent_at` NULL: whoever was to send it was
-- stopped meanwhile; it may have gone out, so it is not sent again.
CREATE TABLE letter_event (
    saved_search_id  uuid NOT NULL,
    visitor_id       uuid NOT NULL,
    uid              text NOT NULL,
    begun_at         timestamptz NOT NULL,
    sent_at          timestamptz,
    PRIMARY KEY (saved_search_id, uid),
    FOREIGN KEY (saved_search_id, visitor_id) REFERENCES saved_search (id, visitor_id) ON DELETE CASCADE
);

-- How often a mailbox was asked to confirm lately: a keyed hash of the address, which names nobody, for a day.
CREATE TABLE mail_asked (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mark      bytea NOT NULL,
    asked_at  timestamptz NOT NULL
);
CREATE INDEX mail_asked_mark ON mail_asked (mark, asked_at);

DO $$
DECLARE
    held text;
BEGIN
    FOREACH held IN ARRAY ARRAY['saved_search', 'mail_address', 'letter_event'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', held);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', held);
        EXECUTE format('CREATE POLICY own_rows ON %I TO puls_visitor USING (visitor_id = puls_visitor_id())'
                       ' WITH CHECK (visitor_id = puls_visitor_id())', held);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO puls_visitor', held);
        EXECUTE format('CREATE POLICY sweeping ON %I TO puls_keeper USING (true) WITH CHECK (false)', held);
    END LOOP;
END $$;

-- The keeper deletes what is old and says for whom letters are due; it reads no address and no search.
GRANT DELETE, SELECT (visitor_id, seen_at, letters) ON saved_search TO puls_keeper;
GRANT DELETE, SELECT (visitor_id, confirmed_at) ON mail_address TO puls_keeper;
GRANT DELETE, SELECT (visitor_id, begun_at) ON letter_event TO puls_keeper;
