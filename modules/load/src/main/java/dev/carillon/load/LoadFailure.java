package dev.carillon.load;

/** A run cannot be made or finished; the message says why, and what to do. */
final class LoadFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LoadFailure(String message) {
        super(message);
    }

    LoadFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
