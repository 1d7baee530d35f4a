-- An inbound rule may have something announced to a caller, who is hung up on then; and a call record says which rule has decided.
-- As in V3, the program checks every change first.

ALTER TABLE inbound_rule
  ADD COLUMN sound TEXT CONSTRAINT inbound_rule_sound_form CHECK (sound ~ '^[!-~]{1,128}$'),
  ADD CONSTRAINT inbound_rule_sound_where_needed CHECK ((action = 'ANNOUNCEMENT') = (sound IS NOT NULL));

-- Empty when none has, and for all calls of before.
ALTER TABLE call_record ADD COLUMN rule_id TEXT NOT NULL DEFAULT '';
