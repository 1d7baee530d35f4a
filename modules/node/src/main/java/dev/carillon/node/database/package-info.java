/** The PostgreSQL server that a node brings along, so that one command is enough to try Carillon. */
package dev.carillon.node.database;
