-- What operators configure. The program checks every change first and says what is wrong with it; the constraints here are
-- for whoever writes with another tool. Patterns and ranges are those of dev.carillon.store.Rules.

CREATE TABLE box (
  box_id    TEXT PRIMARY KEY CONSTRAINT box_id_form CHECK (box_id ~ '^[a-z0-9][a-z0-9-]{0,31}$'),
  kind      TEXT NOT NULL    CONSTRAINT box_kind_form CHECK (kind ~ '^[a-z]+$'),
  address   TEXT NOT NULL    CONSTRAINT box_address_not_blank CHECK (btrim(address) <> ''),
  user_name TEXT NOT NULL,
  -- As it is, or ${NAME}: then each node takes it from its own environment.
  password  TEXT NOT NULL
);

CREATE TABLE seat (
  seat_id  TEXT PRIMARY KEY CONSTRAINT seat_id_form CHECK (seat_id ~ '^[a-z0-9][a-z0-9._@-]{0,63}$'),
  box_id   TEXT NOT NULL    CONSTRAINT seat_box REFERENCES box,
  endpoint TEXT NOT NULL    CONSTRAINT seat_endpoint_not_blank CHECK (btrim(endpoint) <> ''),
  -- One phone is one seat: two agents must never be given calls on the same one.
  CONSTRAINT seat_endpoint_once UNIQUE (box_id, endpoint)
);

CREATE TABLE queue (
  queue_id        TEXT PRIMARY KEY CONSTRAINT queue_id_form CHECK (queue_id ~ '^[a-z0-9][a-z0-9._@-]{0,63}$'),
  name            TEXT NOT NULL    CONSTRAINT queue_name_not_blank CHECK (btrim(name) <> ''),
  strategy        TEXT NOT NULL    CONSTRAINT queue_strategy_form CHECK (strategy ~ '^[A-Z_]+$'),
  ring_seconds    INTEGER NOT NULL CONSTRAINT queue_ring_seconds_range CHECK (ring_seconds BETWEEN 5 AND 120),
  wrap_up_seconds INTEGER NOT NULL CONSTRAINT queue_wrap_up_seconds_range CHECK (wrap_up_seconds BETWEEN 0 AND 3600),
  music_class     TEXT NOT NULL    CONSTRAINT queue_music_class_not_blank CHECK (btrim(music_class) <> ''),
  greeting        TEXT NOT NULL
);

CREATE TABLE agent (
  agent_id TEXT PRIMARY KEY CONSTRAINT agent_id_form CHECK (agent_id ~ '^[a-z0-9][a-z0-9._@-]{0,63}$'),
  name     TEXT NOT NULL    CONSTRAINT agent_name_not_blank CHECK (btrim(name) <> '')
);

CREATE TABLE agent_queue (
  agent_id TEXT    NOT NULL CONSTRAINT agent_queue_agent REFERENCES agent ON DELETE CASCADE,
  queue_id TEXT    NOT NULL CONSTRAINT agent_queue_queue REFERENCES queue,
  -- Keeps the order in which an agent's queues were given.
  place    INTEGER NOT NULL,
  PRIMARY KEY (agent_id, queue_id)
);

CREATE INDEX agent_queue_by_queue ON agent_queue (queue_id);

CREATE TABLE dialled_number (
  number   TEXT PRIMARY KEY CONSTRAINT dialled_number_form CHECK (number ~ '^[0-9A-Za-z+*#._-]{1,64}$'),
  queue_id TEXT NOT NULL    CONSTRAINT dialled_number_queue REFERENCES queue,
  priority INTEGER NOT NULL CONSTRAINT dialled_number_priority_range CHECK (priority BETWEEN 1 AND 10)
);

CREATE INDEX dialled_number_by_queue ON dialled_number (queue_id);

-- One row. Every change of the tables above locks it first and raises it, so changes come one after the other and a node
-- sees by one small read whether there is anything new.
CREATE TABLE configuration_version (
  only_row BOOLEAN PRIMARY KEY DEFAULT TRUE CONSTRAINT configuration_version_one_row CHECK (only_row),
  version  BIGINT NOT NULL
);

INSERT INTO configuration_version (version) VALUES (0);

-- What a seed file has brought in once. It is never brought in again: what was changed or deleted since stays so.
CREATE TABLE configuration_seeded (
  kind      TEXT        NOT NULL,
  id        TEXT        NOT NULL,
  seeded_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (kind, id)
);
