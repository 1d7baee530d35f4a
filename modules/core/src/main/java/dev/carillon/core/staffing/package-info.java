/**
 * What the mathematics of queues says of a contact centre: how many callers wait, for how long, and how many give up, with so many
 * agents. The simulation is measured against it; staffing can be planned with it.
 */
package dev.carillon.core.staffing;
