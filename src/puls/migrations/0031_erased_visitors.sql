-- Visitors who erased everything: their tokens open nothing any more. `mark` is a keyed hash of the id, so that the row
-- names nobody; it is kept until the last token of that id is past its end.
CREATE TABLE erased_visitor (
    mark       bytea PRIMARY KEY,
    ordinal    bigint GENERATED ALWAYS AS IDENTITY,
    erased_at  timestamptz NOT NULL
);
CREATE INDEX erased_visitor_ordinal ON erased_visitor (ordinal);
CREATE INDEX erased_visitor_age ON erased_visitor (erased_at);
