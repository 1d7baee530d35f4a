-- Callers may be put through to a number outside, over the trunk of their box. As in V3, the program checks every change first.

ALTER TABLE box
  -- As what the box reaches a number, which stands for {number}; empty when it dials none.
  ADD COLUMN trunk TEXT NOT NULL DEFAULT '' CONSTRAINT box_trunk_has_place CHECK (trunk = '' OR position('{number}' IN trunk) > 0);

ALTER TABLE inbound_rule
  ADD COLUMN number       TEXT    CONSTRAINT inbound_rule_number_form CHECK (number ~ '^\+?[0-9]{2,20}$'),
  -- For how long it rings there.
  ADD COLUMN ring_seconds INTEGER NOT NULL DEFAULT 30 CONSTRAINT inbound_rule_ring_seconds_range CHECK (ring_seconds BETWEEN 5 AND 120),
  DROP CONSTRAINT inbound_rule_queue_where_needed,
  -- Who is sent to an agent or a number goes on to a queue, or to that of the dialled number.
  ADD CONSTRAINT inbound_rule_queue_where_needed
    CHECK (action IN ('TO_AGENT', 'TO_NUMBER') OR (action = 'TO_QUEUE') = (queue_id IS NOT NULL)),
  ADD CONSTRAINT inbound_rule_number_where_needed CHECK ((action = 'TO_NUMBER') = (number IS NOT NULL));
