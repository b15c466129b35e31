-- branch --
-- `which` tells two sets of events apart without naming their events.
SELECT {position} AS position, count(*) AS events, coalesce(bit_xor(hashint8extended(event_id, 0)), 0) AS which
FROM ({counted}) AS found

-- count_each --
WITH {topic_words}
{branches}
