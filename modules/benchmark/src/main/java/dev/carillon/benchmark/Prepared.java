package dev.carillon.benchmark;

import dev.carillon.protocol.queue.QueueCommand;

/** @param command that the queue is told over and over, each time as if for the first time */
record Prepared(Centre queue, QueueCommand command) {}
