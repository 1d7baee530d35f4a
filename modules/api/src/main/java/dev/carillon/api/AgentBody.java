package dev.carillon.api;

import dev.carillon.core.Directory;
import dev.carillon.protocol.view.View;
import dev.carillon.protocol.view.View.AgentPhase;
import dev.carillon.store.AgentForm;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code Agent} of the contract. */
record AgentBody(
        String id,
        Map<String, Object> settings,
        String state,
        Instant since,
        String seatId,
        String reason,
        String callId,
        String queueId,
        Instant wrapUpUntil,
        String nextState,
        String nextReason,
        Instant readyAt,
        String wrapUpMode,
        Integer wrapUpExtensions,
        String wrapUpCode,
        Instant restingUntil) {

    /** As it may be put. */
    private static Map<String, Object> written(Directory.Agent settings) {
        var written = new LinkedHashMap<String, Object>();
        written.put("name", settings.name());
        written.put("queueIds", settings.queueIds());
        written.putAll(AgentForm.written(settings));
        return written;
    }

    private static final String READY = Words.of(AgentPhase.READY);
    private static final String NOT_READY = Words.of(AgentPhase.NOT_READY);

    /**
     * @param settings null when the agent was deleted
     * @param view null when the agent was never seen
     */
    static AgentBody of(String id, Directory.Agent settings, View.OfAgent view) {
        var named = settings == null ? null : written(settings);
        if (view == null) {
            return new AgentBody(
                    id,
                    named,
                    Words.of(AgentPhase.LOGGED_OUT),
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null);
        }
        var wrapUp = view.wrapUp();
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
                nextReady ? null : next,
                view.returnAt(),
                wrapUp == null ? null : Words.of(wrapUp.mode()),
                wrapUp == null ? null : (Integer) wrapUp.extensions(),
                wrapUp == null ? null : wrapUp.code(),
                view.restingUntil());
    }
}
