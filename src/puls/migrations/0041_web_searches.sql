-- Requests to providers of web search: what they came to and cost, and the count that their limits are held against, one for
-- all replicas. No words that were searched for, and nobody's name. A row is written before its request (`outcome` "begun",
-- with what it will cost at most) and completed after it; one that stays "begun" belongs to a process that died.
-- The operator's table: no role of visitors reads it.
CREATE TABLE web_search_call (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at        timestamptz NOT NULL,
    provider  text NOT NULL,
    purpose   text NOT NULL,
    outcome   text NOT NULL,
    cost_eur  numeric(12, 8) NOT NULL,
    ms        integer,
    results   smallint
);
CREATE INDEX web_search_call_at ON web_search_call (at) INCLUDE (cost_eur);
CREATE INDEX web_search_call_provider ON web_search_call (provider, at);
