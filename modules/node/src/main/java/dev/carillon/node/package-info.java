/** The program: reads the settings, starts the parts of a node in order, joins them, and stops them in the opposite order. */
package dev.carillon.node;
