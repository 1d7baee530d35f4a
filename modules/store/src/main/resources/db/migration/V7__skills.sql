-- What agents can do, and whom a queue's calls may be given to by how long they have waited. A queue without steps gives its calls to
-- whoever serves it.

CREATE TABLE agent_skill (
  agent_id TEXT    NOT NULL CONSTRAINT agent_skill_agent REFERENCES agent ON DELETE CASCADE,
  skill    TEXT    NOT NULL CONSTRAINT agent_skill_form CHECK (skill ~ '^[a-z0-9][a-z0-9._@-]{0,63}$'),
  level    INTEGER NOT NULL CONSTRAINT agent_skill_level_range CHECK (level BETWEEN 1 AND 10),
  PRIMARY KEY (agent_id, skill)
);

CREATE TABLE queue_step (
  queue_id      TEXT    NOT NULL CONSTRAINT queue_step_queue REFERENCES queue ON DELETE CASCADE,
  after_seconds INTEGER NOT NULL CONSTRAINT queue_step_after_range CHECK (after_seconds BETWEEN 0 AND 86400),
  PRIMARY KEY (queue_id, after_seconds)
);

-- A step without skills is open to whoever serves the queue.
CREATE TABLE queue_step_skill (
  queue_id      TEXT    NOT NULL,
  after_seconds INTEGER NOT NULL,
  skill         TEXT    NOT NULL CONSTRAINT queue_step_skill_form CHECK (skill ~ '^[a-z0-9][a-z0-9._@-]{0,63}$'),
  level         INTEGER NOT NULL CONSTRAINT queue_step_skill_level_range CHECK (level BETWEEN 1 AND 10),
  PRIMARY KEY (queue_id, after_seconds, skill),
  CONSTRAINT queue_step_skill_step FOREIGN KEY (queue_id, after_seconds) REFERENCES queue_step ON DELETE CASCADE
);
