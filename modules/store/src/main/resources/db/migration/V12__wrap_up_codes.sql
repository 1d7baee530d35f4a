-- What an agent says of a call in the wrap-up belongs to its record, but comes when it comes: mostly after the call has ended, and now and
-- then before its record is made. So it has a row of its own, which waits for nobody and for which no record waits.

CREATE TABLE call_wrap_up (
  call_id         TEXT COLLATE "C" NOT NULL,
  agent_id        TEXT             NOT NULL,
  code            TEXT             NOT NULL,
  -- Of the event, in the agent's journal: the last one counts, in whatever order they are read.
  sequence_number BIGINT           NOT NULL,
  PRIMARY KEY (call_id, agent_id)
);
