-- One row for each call that has ended, made from its CallEnded event; names and meanings are those of proto/carillon/call.proto.
-- Texts that call.proto leaves empty are empty here too; times that it gives as 0 are null.

CREATE TABLE call_record (
  call_id        TEXT COLLATE "C" PRIMARY KEY,
  box_id         TEXT        NOT NULL,
  caller_number  TEXT        NOT NULL,
  caller_name    TEXT        NOT NULL,
  dialled_number TEXT        NOT NULL,
  queue_id       TEXT        NOT NULL,
  priority       INTEGER     NOT NULL,
  agent_id       TEXT        NOT NULL,
  seat_id        TEXT        NOT NULL,
  arrived_at     TIMESTAMPTZ NOT NULL,
  queued_at      TIMESTAMPTZ,
  answered_at    TIMESTAMPTZ,
  ended_at       TIMESTAMPTZ NOT NULL,
  wait_ms        BIGINT      NOT NULL CONSTRAINT call_record_wait_not_negative CHECK (wait_ms >= 0),
  talk_ms        BIGINT      NOT NULL CONSTRAINT call_record_talk_not_negative CHECK (talk_ms >= 0),
  offers         INTEGER     NOT NULL,
  outcome        TEXT        NOT NULL,
  ended_by       TEXT        NOT NULL,
  while_ringing  BOOLEAN     NOT NULL,
  q850_cause     INTEGER     NOT NULL
);

-- Lists are read newest first and go on after the last row seen: the call id makes the order total.
CREATE INDEX call_record_by_arrival ON call_record (arrived_at DESC, call_id DESC);
CREATE INDEX call_record_by_queue   ON call_record (queue_id, arrived_at DESC, call_id DESC);
CREATE INDEX call_record_by_agent   ON call_record (agent_id, arrived_at DESC, call_id DESC) WHERE agent_id <> '';

-- Events of which no record could be made, because of what is in them. They are kept here so that nothing is lost and
-- the events behind them do not wait; a later version tries them again when it starts.
CREATE TABLE call_record_set_aside (
  persistence_id  TEXT        NOT NULL,
  sequence_number BIGINT      NOT NULL,
  reason          TEXT        NOT NULL,
  set_aside_at    TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (persistence_id, sequence_number)
);
