package dev.carillon.node;

/** The node cannot start, and this is what a person can do about it. Shown as it is, without a stack trace. */
public final class StartupFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param remedy one or two plain sentences: what is wrong, and what to do */
    public StartupFailure(String remedy) {
        super(remedy);
    }

    public StartupFailure(String remedy, Throwable cause) {
        super(remedy, cause);
    }
}
