/**
 * A cluster under load in which things break: nodes die, stand still and are cut off from each other, the database goes away, boxes are slow. And, seen
 * from outside, what became of every call.
 */
package dev.carillon.chaos;
