package dev.carillon.api;

/**
 * How the database stands, as far as this node knows.
 *
 * @param readable whether it answers at all
 * @param writable whether anything can be stored: without that, nothing new can be decided
 */
public record DatabaseState(boolean readable, boolean writable) {

    public static final DatabaseState WELL = new DatabaseState(true, true);
}
