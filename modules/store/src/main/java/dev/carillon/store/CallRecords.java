package dev.carillon.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Reading call records. Blocks, and throws {@link DatabaseException} when the database fails. */
public interface CallRecords {

    int MOST_PER_PAGE = 1000;

    Optional<CallRecord> find(String callId);

    /**
     * Newest first, by the time of arrival, then by call id. Records that are added while somebody turns the pages
     * neither repeat nor hide any other.
     *
     * @param cursor from the page before, read with the same filter; null for the first page
     * @param limit at most so many records, 1 to {@link #MOST_PER_PAGE}
     * @throws InvalidCursor when the cursor was not given out by this method
     * @throws IllegalArgumentException when the limit is out of range
     */
    Page list(Filter filter, String cursor, int limit);

    /** @param cursor where the next page begins; null when this is the last one */
    record Page(List<CallRecord> records, String cursor) {}

    /**
     * Null means: any.
     *
     * @param from arrived at or after
     * @param to arrived before
     */
    record Filter(Instant from, Instant to, String queueId, String agentId, String outcome) {
        public static final Filter ALL = new Filter(null, null, null, null, null);
    }

    /** A cursor that was not given out by {@link #list}. */
    final class InvalidCursor extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public InvalidCursor() {
            super("the cursor is not one that was given out with a page; leave it out to begin with the newest record");
        }
    }
}
