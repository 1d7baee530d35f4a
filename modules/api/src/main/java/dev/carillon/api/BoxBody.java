package dev.carillon.api;

import dev.carillon.protocol.box.BoxSettings;
import dev.carillon.protocol.view.View;
import dev.carillon.protocol.view.View.BoxPhase;
import java.time.Instant;

/** {@code Box} of the contract. Never carries the password. */
record BoxBody(
        String id,
        Settings settings,
        String state,
        Instant since,
        String version,
        String code,
        String detail,
        int calls,
        Instant nextAttemptAt) {

    record Settings(String kind, String address, String user, boolean passwordSet, String trunk) {}

    /**
     * @param settings null when the box was removed
     * @param view null when no node has told of it yet
     */
    static BoxBody of(String id, BoxSettings settings, View.OfBox view) {
        var shown = settings == null
                ? null
                : new Settings(
                        settings.kind(),
                        settings.address(),
                        settings.user(),
                        !settings.password().isEmpty(),
                        settings.trunk());
        return view == null
                ? new BoxBody(id, shown, Words.of(BoxPhase.CONNECTING), null, null, null, null, 0, null)
                : new BoxBody(
                        id,
                        shown,
                        Words.of(view.phase()),
                        view.since(),
                        Words.orNull(view.version()),
                        Words.orNull(view.code()),
                        Words.orNull(view.detail()),
                        view.calls(),
                        view.nextAttemptAt());
    }
}
