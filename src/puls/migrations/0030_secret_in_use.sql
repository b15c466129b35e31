-- Which secret signs visitors' tokens, as a mark that tells nothing of it: a lost or a differing one is noticed.
CREATE TABLE secret_in_use (
    is_only  boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    mark     bytea NOT NULL
);
