-- How often each kind of thing was asked and answered in a day: what drift is judged by. Counts only, each visitor once
-- per bin and day; no vector, no word and no id of anybody. They stay when the turns behind them are deleted.
--
-- `day`: in PULS_TIMEZONE. `signal`: see evaluation/drift/signals.py. It is computed anew while its day's turns are there.
CREATE TABLE daily_histogram (
    day     date NOT NULL,
    signal  text NOT NULL,
    bin     text NOT NULL,
    n       bigint NOT NULL CHECK (n > 0),
    PRIMARY KEY (day, signal, bin)
);

-- What the message did, finer than `kind`: a code, so that who counts need not read what is kept beside it.
ALTER TABLE turn ADD COLUMN act text GENERATED ALWAYS AS (kept ->> 'act') STORED;
GRANT SELECT (act) ON turn TO puls_figures;
GRANT SELECT, INSERT, DELETE ON daily_histogram TO puls_figures;
GRANT SELECT ON canary_answer TO puls_figures;
