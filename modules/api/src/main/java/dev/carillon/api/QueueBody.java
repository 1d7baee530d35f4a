package dev.carillon.api;

import dev.carillon.core.Directory;
import dev.carillon.protocol.view.View;
import dev.carillon.store.QueueForm;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code Queue} of the contract. */
record QueueBody(
        String id,
        Map<String, Object> settings,
        int waiting,
        int offered,
        Instant longestWaitSince,
        int agentsLoggedIn,
        int agentsReady,
        int agentsBorrowed,
        int agentsLent,
        ServiceLevelNow serviceLevel) {

    /**
     * Of the last quarter of an hour.
     *
     * @param percent null without calls
     */
    record ServiceLevelNow(Integer percent, int calls, String standing) {
        static ServiceLevelNow of(View.Level level) {
            return new ServiceLevelNow(
                    level.calls() == 0 ? null : (int) (level.inTime() * 100L / level.calls()),
                    level.calls(),
                    Words.of(level.standing()));
        }
    }

    /** As it may be put. */
    private static Map<String, Object> written(Directory.Queue settings) {
        var written = new LinkedHashMap<String, Object>();
        written.put("name", settings.name());
        written.putAll(QueueForm.written(settings));
        return written;
    }

    /**
     * @param settings null when the queue was deleted
     * @param view null when nothing has happened in the queue yet
     */
    static QueueBody of(String id, Directory.Queue settings, View.OfQueue view) {
        var named = settings == null ? null : written(settings);
        return view == null
                ? new QueueBody(id, named, 0, 0, null, 0, 0, 0, 0, null)
                : new QueueBody(
                        id,
                        named,
                        view.waiting(),
                        view.offered(),
                        view.longestWaitSince(),
                        view.loggedIn(),
                        view.ready(),
                        view.borrowed(),
                        view.lent(),
                        view.level() == null ? null : ServiceLevelNow.of(view.level()));
    }
}
