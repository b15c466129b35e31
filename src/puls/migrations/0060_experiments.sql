-- Which arm of which experiment a turn was answered by; both NULL for who takes no part. Kept from the beginning of the
-- turn, so that one that fails counts for its arm. The visitor's arm itself is stored nowhere: it follows from their id.
ALTER TABLE turn ADD COLUMN experiment text, ADD COLUMN arm text,
    ADD CONSTRAINT turn_arm CHECK ((experiment IS NULL) = (arm IS NULL));
CREATE INDEX turn_of_experiment ON turn (experiment, created_at) WHERE experiment IS NOT NULL;

-- The role of 0058 counts over everybody's rows and reads no word of anybody.
GRANT SELECT (experiment, arm) ON turn TO puls_figures;
