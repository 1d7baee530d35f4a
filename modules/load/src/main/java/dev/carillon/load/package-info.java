/** Generates calls and agents through simulated boxes, and measures what becomes of them. */
package dev.carillon.load;
