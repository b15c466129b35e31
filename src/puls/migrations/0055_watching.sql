-- What the built-in alerts are judged by, for all replicas together, and what people were told of them.
-- Figures of the service, none of anybody: the operator's tables, which no role of visitors reads.

-- Events of one minute by the name of their figure (`puls.alerts.judging`); kept for four days, the longest window is three.
CREATE TABLE watched_minute (
    minute  timestamptz NOT NULL,
    figure  text NOT NULL,
    events  double precision NOT NULL,
    PRIMARY KEY (minute, figure)
);

-- `told`: what people were last told; `claimed_at`: a replica is telling them just now; `tries`: how often that failed.
CREATE TABLE alert_state (
    alert       text PRIMARY KEY,
    state       text NOT NULL CHECK (state IN ('pending', 'firing', 'resolved')),
    since       timestamptz NOT NULL,
    told        text NOT NULL DEFAULT 'nothing' CHECK (told IN ('nothing', 'firing', 'resolved')),
    claimed_at  timestamptz,
    tries       smallint NOT NULL DEFAULT 0
);

-- How many visitors were seen today is counted as the keeper, who may read no more of them than this (see 0002).
