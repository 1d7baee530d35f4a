package dev.carillon.telephony;

import dev.carillon.protocol.box.BoxSettings;
import dev.carillon.protocol.box.BoxTrouble;
import dev.carillon.protocol.view.View;
import dev.carillon.protocol.view.View.BoxPhase;
import java.time.Instant;
import java.util.function.Consumer;

/** How a box looks from outside; whoever shows it is told of every change, and of nothing else. */
final class BoxView {

    private final Consumer<View.OfBox> live;
    private View.OfBox view;

    BoxView(String boxId, Consumer<View.OfBox> live, Instant now) {
        this.live = live;
        this.view = new View.OfBox(boxId, BoxPhase.CONNECTING, now, "", "", "", "", "", 0, null);
    }

    BoxPhase phase() {
        return view.phase();
    }

    /** On the way to a connection: the reason for which the last one failed is still shown. */
    void connecting(BoxSettings settings, Instant now) {
        change(BoxPhase.CONNECTING, settings, view.version(), view.code(), view.detail(), view.calls(), null, now);
    }

    void reconciling(BoxSettings settings, String version, Instant now) {
        change(BoxPhase.RECONCILING, settings, version, view.code(), view.detail(), view.calls(), null, now);
    }

    void up(BoxSettings settings, String version, int calls, Instant now) {
        change(BoxPhase.UP, settings, version, "", "", calls, null, now);
    }

    /**
     * @param settings null when it has none
     * @param nextAttemptAt null when none is due
     */
    void lost(BoxSettings settings, BoxTrouble trouble, String detail, int calls, Instant nextAttemptAt, Instant now) {
        change(BoxPhase.LOST, settings, view.version(), trouble.name(), detail, calls, nextAttemptAt, now);
    }

    void calls(int calls) {
        tell(new View.OfBox(
                view.id(),
                view.phase(),
                view.since(),
                view.kind(),
                view.address(),
                view.version(),
                view.code(),
                view.detail(),
                calls,
                view.nextAttemptAt()));
    }

    private void change(
            BoxPhase phase,
            BoxSettings settings,
            String version,
            String code,
            String detail,
            int calls,
            Instant nextAttemptAt,
            Instant now) {
        tell(new View.OfBox(
                view.id(),
                phase,
                phase == view.phase() && code.equals(view.code()) ? view.since() : now,
                settings == null ? view.kind() : settings.kind(),
                settings == null ? view.address() : settings.address(),
                version,
                code,
                detail,
                calls,
                nextAttemptAt));
    }

    private void tell(View.OfBox next) {
        if (!next.equals(view)) {
            view = next;
            live.accept(next);
        }
    }
}
