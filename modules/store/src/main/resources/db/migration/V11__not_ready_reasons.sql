-- The operator's list of reasons not to be ready; its first entries come from the program or a seed file.

CREATE TABLE not_ready_reason (
  code   TEXT PRIMARY KEY CONSTRAINT not_ready_reason_form CHECK (code ~ '^[a-z0-9][a-z0-9._@-]{0,63}$'),
  name   TEXT    NOT NULL CONSTRAINT not_ready_reason_name_not_blank CHECK (btrim(name) <> ''),
  paid   BOOLEAN NOT NULL,
  -- Whether it may be chosen.
  active BOOLEAN NOT NULL,
  -- The least comes first; of the same, the code decides.
  place  INTEGER NOT NULL CONSTRAINT not_ready_reason_place_range CHECK (place BETWEEN 0 AND 1000000)
);

-- Where agents work already, any reason is taken, and goes on to be: the usual list is for a fresh database.
INSERT INTO configuration_seeded (kind, id) SELECT 'not-ready reason', 'none' WHERE EXISTS (SELECT 1 FROM agent);
