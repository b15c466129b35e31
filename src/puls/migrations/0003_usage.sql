-- What calls to models used and cost: one row per request to a provider, retries and failures included.
-- No words of anybody. `outcome`: "answered", "left" (the visitor went away) or the name of a fault.
-- The operator's table: no role of visitors reads it. Erasing a visitor empties `visitor_id`, also of calls under way;
-- the sum of what was spent stays true.
CREATE TABLE model_call (
    id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at                timestamptz NOT NULL,
    purpose           text NOT NULL,
    model             text NOT NULL,
    visitor_id        uuid REFERENCES visitor (id) ON DELETE SET NULL,
    outcome           text NOT NULL,
    attempt           smallint NOT NULL,
    tokens_in         integer NOT NULL,
    tokens_cached     integer NOT NULL,
    tokens_out        integer NOT NULL,
    is_estimated      boolean NOT NULL,
    cost_eur          numeric(12, 8),
    first_token_ms    integer,
    total_ms          integer NOT NULL
);
CREATE INDEX model_call_at ON model_call (at) INCLUDE (cost_eur);
CREATE INDEX model_call_visitor ON model_call (visitor_id, at) WHERE visitor_id IS NOT NULL;
