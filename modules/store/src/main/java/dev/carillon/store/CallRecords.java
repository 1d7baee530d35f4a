package dev.carillon.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Reading call records. */
public interface CallRecords {

    Optional<CallRecord> find(String callId);

    /** Newest first, by the time of arrival, then by call id. */
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
}
