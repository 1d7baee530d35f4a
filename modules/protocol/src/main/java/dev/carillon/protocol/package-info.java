/**
 * What entities, boxes and API nodes say to each other. Events, which are stored for ever, are protobuf messages generated
 * from {@code proto/}; commands and replies, which only travel, are records written as CBOR by Akka's Jackson serializer.
 */
package dev.carillon.protocol;
