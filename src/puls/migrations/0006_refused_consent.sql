-- A visitor who was asked and said no is not asked again: such a row has no `given_at`, and `withdrawn_at` tells when.
ALTER TABLE consent ALTER COLUMN given_at DROP NOT NULL,
    ADD CHECK (given_at IS NOT NULL OR withdrawn_at IS NOT NULL);
