-- Answers that a model wrote to questions which say nothing of anybody, so that the next who asks costs nothing.
--
-- No row names a visitor or holds a word of one: `key` is a hash of what the answer was made of (see
-- conversation/shared_answers.py), `sentences` are the checked sentences with the uids they speak of. A row lives a day
-- at most and there is a limit to their number. Unlogged: after a crash it is empty and nobody notices but the bill.
-- A reused answer leaves a row in `model_call` with the outcome "cached", no token and no cost.
CREATE UNLOGGED TABLE shared_answer (
    key         bytea PRIMARY KEY,
    writer      text NOT NULL,
    sentences   jsonb NOT NULL,
    written_at  timestamptz NOT NULL
);
CREATE INDEX shared_answer_age ON shared_answer (written_at);
