package dev.carillon.store;

import dev.carillon.core.Directory;
import dev.carillon.core.agent.NotReadyReason;
import dev.carillon.core.inbound.Calendar;
import dev.carillon.core.inbound.CallerEntry;
import dev.carillon.core.inbound.Rule;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.box.BoxSettings;
import java.util.function.Supplier;

/**
 * The configuration tables. Every change makes a new version, and what changes nothing makes none; everything is checked before
 * it is written, and a change that would break a reference (a queue that a number leads to) is refused with {@link Refused}.
 *
 * <p>All of it blocks, and throws {@link DatabaseException} when the database fails.
 */
public interface ConfigurationStore {

    Configuration load();

    /** Only the version: cheap, to see whether there is anything new. */
    long version();

    /** A password of the form {@code ${NAME}} is refused: only a seed file may refer to the environment of the nodes. */
    void putBox(BoxSettings box);

    /** As {@link #putBox}, but the password stays what it is; a new box has none. For who changes a box without knowing it. */
    void putBoxKeepingPassword(BoxSettings box);

    void putSeat(Seat seat);

    void putQueue(Directory.Queue queue);

    void putAgent(Directory.Agent agent);

    void putNumber(Directory.DialledNumber number);

    void putCalendar(Calendar calendar);

    void putInboundRule(Rule rule);

    /** Switches a rule on or off and changes nothing else of it. Returns whether there is one. */
    boolean switchInboundRule(String ruleId, boolean active);

    void putCaller(CallerEntry caller);

    void putNotReadyReason(NotReadyReason reason);

    /** Returns whether there was one. */
    boolean deleteBox(String boxId);

    boolean deleteSeat(String seatId);

    boolean deleteQueue(String queueId);

    boolean deleteAgent(String agentId);

    boolean deleteNumber(String number);

    boolean deleteCalendar(String calendarId);

    boolean deleteInboundRule(String ruleId);

    boolean deleteCaller(String number);

    boolean deleteNotReadyReason(String code);

    /** Several changes as one version, all or none. To be called and used on one thread. */
    <T> T together(Supplier<T> changes);

    /** A change that was not made. */
    final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final String code;
        private final String field;

        /**
         * @param code stable, for programs: {@code IN_USE}, {@code UNKNOWN_REFERENCE}, {@code INVALID}
         * @param field the setting that is wrong, in kebab-case; empty when it is not about one
         * @param detail for people: which field, what is wrong, what to do
         */
        public Refused(String code, String field, String detail) {
            super(detail);
            this.code = code;
            this.field = field;
        }

        public Refused(String code, String detail) {
            this(code, "", detail);
        }

        public String code() {
            return code;
        }

        public String field() {
            return field;
        }
    }
}
