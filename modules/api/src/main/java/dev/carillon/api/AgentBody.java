package dev.carillon.api;

import dev.carillon.core.Directory;
import dev.carillon.protocol.view.View;
import dev.carillon.protocol.view.View.AgentPhase;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code Agent} of the contract. */
record AgentBody(
        String id,
        Settings settings,
        String state,
        Instant since,
        String seatId,
        String reason,
        String callId,
        String queueId,
        Instant wrapUpUntil,
        String nextState,
        String nextReason) {

    record Settings(String name, List<String> queueIds, Map<String, Integer> skills) {}

    private static final String READY = Words.of(AgentPhase.READY);
    private static final String NOT_READY = Words.of(AgentPhase.NOT_READY);

    /**
     * @param settings null when the agent was deleted
     * @param view null when the agent was never seen
     */
    static AgentBody of(String id, Directory.Agent settings, View.OfAgent view) {
        var named = settings == null
                ? null
                : new Settings(settings.name(), settings.queueIds(), new TreeMap<>(settings.skills()));
        if (view == null) {
            return new AgentBody(
                    id, named, Words.of(AgentPhase.LOGGED_OUT), null, null, null, null, null, null, null, null);
        }
        var next = Words.orNull(view.next());
        var nextReady = READY.equals(next);
        return new AgentBody(
                id,
                named,
                Words.of(view.phase()),
                view.since(),
                Words.orNull(view.seatId()),
                Words.orNull(view.reason()),
                Words.orNull(view.callId()),
                Words.orNull(view.queueId()),
                view.wrapUpUntil(),
                next == null ? null : nextReady ? READY : NOT_READY,
                nextReady ? null : next);
    }
}
