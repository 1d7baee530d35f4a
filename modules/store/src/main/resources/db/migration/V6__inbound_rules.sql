-- What becomes of calls that arrive, before the table of dialled numbers is asked. As in V3, the program checks every change first.

CREATE TABLE calendar (
  calendar_id TEXT PRIMARY KEY CONSTRAINT calendar_id_form CHECK (calendar_id ~ '^[a-z0-9][a-z0-9._@-]{0,63}$'),
  name        TEXT NOT NULL    CONSTRAINT calendar_name_not_blank CHECK (btrim(name) <> '')
);

CREATE TABLE calendar_day (
  calendar_id TEXT NOT NULL CONSTRAINT calendar_day_calendar REFERENCES calendar ON DELETE CASCADE,
  day         DATE NOT NULL,
  PRIMARY KEY (calendar_id, day)
);

CREATE TABLE inbound_rule (
  rule_id          TEXT PRIMARY KEY CONSTRAINT inbound_rule_id_form CHECK (rule_id ~ '^[a-z0-9][a-z0-9._@-]{0,63}$'),
  name             TEXT NOT NULL    CONSTRAINT inbound_rule_name_not_blank CHECK (btrim(name) <> ''),
  -- The least comes first; of the same, the id decides.
  place            INTEGER NOT NULL CONSTRAINT inbound_rule_place_range CHECK (place BETWEEN 0 AND 1000000),
  active           BOOLEAN NOT NULL,
  forced           BOOLEAN NOT NULL,
  -- Conditions: an empty list, and a calendar that is null, hold for every call.
  dialled_numbers  TEXT[]  NOT NULL,
  dialled_prefixes TEXT[]  NOT NULL,
  caller_numbers   TEXT[]  NOT NULL,
  caller_prefixes  TEXT[]  NOT NULL,
  weekdays         TEXT[]  NOT NULL,
  -- '22:00-06:00': goes on past midnight when it ends before it begins.
  hours            TEXT[]  NOT NULL,
  on_days_of       TEXT    CONSTRAINT inbound_rule_on_days_of REFERENCES calendar,
  not_on_days_of   TEXT    CONSTRAINT inbound_rule_not_on_days_of REFERENCES calendar,
  action           TEXT    NOT NULL CONSTRAINT inbound_rule_action_form CHECK (action ~ '^[A-Z_]+$'),
  queue_id         TEXT    CONSTRAINT inbound_rule_queue REFERENCES queue,
  priority         INTEGER NOT NULL CONSTRAINT inbound_rule_priority_range CHECK (priority BETWEEN 1 AND 10),
  greeting         TEXT    NOT NULL,
  CONSTRAINT inbound_rule_queue_where_needed CHECK ((action = 'TO_QUEUE') = (queue_id IS NOT NULL))
);

CREATE TABLE caller_entry (
  number TEXT PRIMARY KEY CONSTRAINT caller_entry_form CHECK (number ~ '^[0-9A-Za-z+*#._-]{1,64}$'),
  list   TEXT    NOT NULL CONSTRAINT caller_entry_list_form CHECK (list ~ '^[A-Z_]+$'),
  -- Whether it stands for all numbers that begin with it.
  prefix BOOLEAN NOT NULL,
  note   TEXT    NOT NULL
);
