package dev.carillon.protocol;

/** Anything that is said to a call, an agent or a queue. */
public interface Command extends CborSerializable {}
