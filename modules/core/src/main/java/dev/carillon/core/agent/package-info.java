/** An agent: the only authority on whether this person can take work, and never more than one call at a time. */
package dev.carillon.core.agent;
