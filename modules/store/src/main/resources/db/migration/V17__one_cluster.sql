-- Which nodes work with this database, so that a second cluster does not begin beside the one that lives. All times are by the clock of the
-- database. What it says of nodes that are gone is old, and nobody heeds it.
CREATE TABLE cluster_member (
  address       TEXT        NOT NULL,     -- akka://carillon@host:port
  incarnation   BIGINT      NOT NULL,     -- of the process: another one at the same address is another member
  cluster       UUID        NOT NULL,     -- the same for all members of one cluster, for as long as one of them lives
  began_at      TIMESTAMPTZ NOT NULL,     -- when that cluster began
  heard_at      TIMESTAMPTZ NOT NULL,
  session       INTEGER     NOT NULL,     -- the server's process that served the node when it was last heard: ends with the node
  session_began TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (address, incarnation)
);
