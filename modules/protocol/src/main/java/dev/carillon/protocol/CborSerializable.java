package dev.carillon.protocol;

/** Marks what travels between nodes as CBOR; bound to Akka's {@code jackson-cbor} serializer in the configuration. */
public interface CborSerializable {}
