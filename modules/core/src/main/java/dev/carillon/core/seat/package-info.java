/** Who holds a seat. */
package dev.carillon.core.seat;
