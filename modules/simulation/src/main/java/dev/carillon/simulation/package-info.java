/**
 * The real calls, agents, queues and telephony nodes in virtual time, among simulated boxes and people, while messages are lost and
 * repeated, writes fail and nodes die: thousands of histories in a minute, each from one number. After every step the
 * invariants of the design are checked against what really happened on the boxes; a history that breaks one replays exactly.
 */
package dev.carillon.simulation;
