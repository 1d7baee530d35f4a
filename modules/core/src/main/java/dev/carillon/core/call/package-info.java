/** A call: the only authority on what happens next to one caller, and on the legs of their visit. */
package dev.carillon.core.call;
