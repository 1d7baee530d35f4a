package dev.carillon.telephony;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;

/** Says in words when new calls are refused: in the log when that begins and ends, and to whoever asks how a node is. */
public final class AdmissionLog implements Consumer<Admission.Change> {

    private final Logger log;

    public AdmissionLog(Logger log) {
        this.log = log;
    }

    @Override
    public void accept(Admission.Change change) {
        if (change.refusing()) {
            log.warn(
                    "Overload: new calls are refused from now on. {} a second come to this node's boxes, {} a second are carried",
                    perSecond(change.offered()),
                    perSecond(change.capacity()));
        } else {
            log.warn(
                    "The overload is over: every new call is let in again. {} were refused; {} a second come now",
                    change.refused(),
                    perSecond(change.offered()));
        }
    }

    /** Empty while every new call is let in. */
    public static Optional<String> note(Admission.State state) {
        return state.refusing()
                ? Optional.of("overload: since %s new calls are refused beyond %s a second, which is what is carried"
                        .formatted(state.since(), perSecond(state.limit())))
                : Optional.empty();
    }

    private static String perSecond(double rate) {
        return String.format(Locale.ROOT, "%.1f", rate);
    }
}
