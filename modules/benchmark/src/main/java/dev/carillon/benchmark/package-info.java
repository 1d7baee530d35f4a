/** What one decision of a queue costs, by the number of agents, of calls, and of other queues. Measured by JMH. */
package dev.carillon.benchmark;
