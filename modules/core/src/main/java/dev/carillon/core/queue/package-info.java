/** A queue: the only authority on the order of its waiting calls, and on which agent is asked next. */
package dev.carillon.core.queue;
