/**
 * The port to boxes: one telephony node for each box owns the connection to it, through an adapter for its kind. Knows legs,
 * bridges and calls by their ids; knows nothing of queues and agents.
 */
package dev.carillon.telephony;
