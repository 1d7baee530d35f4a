/**
 * What Carillon decides, and nothing else: calls, agents and queues as pure deciders. No Akka, no I/O, no clock, no randomness
 * of its own: all of that is handed in, so the very same code routes real calls, is simulated, and is tested in microseconds.
 */
package dev.carillon.core;
