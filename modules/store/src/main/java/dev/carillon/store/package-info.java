/** PostgreSQL: the migrations of the whole schema, the configuration tables, the call records. Plain JDBC, blocking: call it on a dispatcher of its own. */
package dev.carillon.store;
