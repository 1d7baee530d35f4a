-- Callers may be sent to one agent: by an inbound rule, or as a VIP whose own agent that is. As in V3, the program checks every change first.

ALTER TABLE inbound_rule
  ADD COLUMN agent_id      TEXT    CONSTRAINT inbound_rule_agent REFERENCES agent,
  -- For how long they wait for that agent alone.
  ADD COLUMN agent_seconds INTEGER NOT NULL DEFAULT 30 CONSTRAINT inbound_rule_agent_seconds_range CHECK (agent_seconds BETWEEN 1 AND 3600),
  DROP CONSTRAINT inbound_rule_queue_where_needed,
  -- Who is sent to an agent goes on to a queue, or to that of the dialled number.
  ADD CONSTRAINT inbound_rule_queue_where_needed CHECK (action = 'TO_AGENT' OR (action = 'TO_QUEUE') = (queue_id IS NOT NULL)),
  ADD CONSTRAINT inbound_rule_agent_where_needed CHECK ((action = 'TO_AGENT') = (agent_id IS NOT NULL));

ALTER TABLE caller_entry
  ADD COLUMN agent_id      TEXT    CONSTRAINT caller_entry_agent REFERENCES agent,
  ADD COLUMN agent_seconds INTEGER NOT NULL DEFAULT 30 CONSTRAINT caller_entry_agent_seconds_range CHECK (agent_seconds BETWEEN 1 AND 3600),
  ADD CONSTRAINT caller_entry_agent_of_vip CHECK (agent_id IS NULL OR list = 'VIP');
