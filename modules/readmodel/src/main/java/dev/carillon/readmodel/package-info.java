/** Projections of the journal into tables, and the journal as history. */
package dev.carillon.readmodel;
