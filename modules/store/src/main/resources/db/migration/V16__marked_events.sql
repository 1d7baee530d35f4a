-- Events that call records are made of bear a mark in the journal itself, and no tags any more: those were rows of a table of their own, and until
-- the statistics of both tables were good, finding the next ones took the longer the more there were.

UPDATE event_journal j SET adapter_manifest = 'call-record' FROM event_tag t WHERE t.event_id = j.ordering;
DELETE FROM event_tag;

CREATE INDEX event_journal_call_record ON event_journal (ordering) WHERE adapter_manifest = 'call-record';

-- One projection follows the marks, where one followed each tag; what they had done it need not do again.
INSERT INTO akka_projection_offset_store (projection_name, projection_key, current_offset, manifest, mergeable, last_updated)
SELECT 'call-records', 'all', min(current_offset::BIGINT)::TEXT, 'SEQ', FALSE, max(last_updated)
FROM akka_projection_offset_store
WHERE projection_name = 'call-records' AND projection_key LIKE 'call-ended-%' AND manifest = 'SEQ'
HAVING count(*) = 4;
DELETE FROM akka_projection_offset_store WHERE projection_name = 'call-records' AND projection_key LIKE 'call-ended-%';
