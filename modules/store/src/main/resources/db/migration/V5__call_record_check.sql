-- For the check that every call gets its record. It reads the journal once, from front to back, and keeps a list of the calls it met that
-- have no record yet: those under way, and those that something went wrong with.

-- One row: up to which place in the journal it has looked for calls that began.
CREATE TABLE call_record_checked (
  only_row BOOLEAN PRIMARY KEY DEFAULT TRUE CHECK (only_row),
  ordering BIGINT  NOT NULL
);
INSERT INTO call_record_checked (ordering) VALUES (0);

CREATE TABLE call_without_record (
  persistence_id VARCHAR(255) PRIMARY KEY,
  ordering       BIGINT NOT NULL,     -- of its first event
  looked_at      TIMESTAMPTZ          -- when it was last looked at; null: not yet
);
CREATE INDEX call_without_record_turn ON call_without_record (looked_at NULLS FIRST, ordering);
