package dev.carillon.acceptance.lab;

import java.sql.Connection;

/** What serves a contact centre: one node, or a cluster of them. */
public interface Carillon extends AutoCloseable {

    CarillonApi api();

    /** For what no API tells. */
    Connection database();

    @Override
    void close();
}
