package dev.carillon.simulation;

/** What can go wrong in a history. */
public enum Trouble {
    MESSAGE_LOST,
    MESSAGE_REPEATED,
    MESSAGE_DELAYED,
    /** Nothing was written, and the entity starts anew from its journal. */
    WRITE_FAILED,
    /** It was written, but nobody was told so: the entity starts anew, and nothing it had decided to say is said. */
    WRITE_UNCONFIRMED,
    ENTITY_CRASHED,
    NODE_CRASHED,
    TELEPHONY_NODE_CRASHED,
    BOX_LINK_LOST,
    BOX_RESTARTED,
    SEAT_UNPLUGGED
}
