package dev.carillon.store;

/** The database could not do what was asked. The message is for people: what is wrong and what to do; it never holds a password. */
public final class DatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DatabaseException(String message, Throwable cause) {
        super(message, cause);
    }

    public DatabaseException(String message) {
        super(message);
    }
}
