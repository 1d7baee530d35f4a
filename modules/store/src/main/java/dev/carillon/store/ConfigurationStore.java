package dev.carillon.store;

import dev.carillon.core.Directory;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.box.BoxSettings;
import java.util.function.Supplier;

/**
 * The configuration tables. Every change makes a new version; everything is checked before it is written, and a change that
 * would break a reference (a queue that a number leads to) is refused with {@link Refused}.
 */
public interface ConfigurationStore {

    Configuration load();

    /** Only the version: cheap, to see whether there is anything new. */
    long version();

    void putBox(BoxSettings box);

    void putSeat(Seat seat);

    void putQueue(Directory.Queue queue);

    void putAgent(Directory.Agent agent);

    void putNumber(Directory.DialledNumber number);

    /** Returns whether there was one. */
    boolean deleteBox(String boxId);

    boolean deleteSeat(String seatId);

    boolean deleteQueue(String queueId);

    boolean deleteAgent(String agentId);

    boolean deleteNumber(String number);

    /** Several changes as one version, all or none. */
    <T> T together(Supplier<T> changes);

    /** A change that was not made. */
    final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final String code;

        /**
         * @param code stable, for programs: {@code IN_USE}, {@code UNKNOWN_REFERENCE}, {@code INVALID}
         * @param detail for people: which field, what is wrong, what to do
         */
        public Refused(String code, String detail) {
            super(detail);
            this.code = code;
        }

        public String code() {
            return code;
        }
    }
}
