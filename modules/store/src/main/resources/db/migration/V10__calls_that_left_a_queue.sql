-- A caller may leave a queue for something else than one of its agents. Meanings are those of CallEnded in proto/carillon/call.proto;
-- a call that did not has empty texts, and so have all calls of before.

ALTER TABLE call_record
  ADD COLUMN first_queue_id TEXT NOT NULL DEFAULT '',
  ADD COLUMN left_by        TEXT NOT NULL DEFAULT '',
  ADD COLUMN left_to        TEXT NOT NULL DEFAULT '';
