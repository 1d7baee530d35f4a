package dev.carillon.api;

import dev.carillon.core.Directory;
import dev.carillon.protocol.view.View;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code Queue} of the contract. */
record QueueBody(
        String id,
        Settings settings,
        int waiting,
        int offered,
        Instant longestWaitSince,
        int agentsLoggedIn,
        int agentsReady) {

    record Settings(
            String name,
            String strategy,
            int ringSeconds,
            int wrapUpSeconds,
            String musicClass,
            String greeting,
            List<Step> steps) {}

    record Step(long afterSeconds, Map<String, Integer> skills) {}

    /**
     * @param settings null when the queue was deleted
     * @param view null when nothing has happened in the queue yet
     */
    static QueueBody of(String id, Directory.Queue settings, View.OfQueue view) {
        var named = settings == null
                ? null
                : new Settings(
                        settings.name(),
                        Words.of(settings.routing().strategy()),
                        settings.ringSeconds(),
                        settings.wrapUpSeconds(),
                        settings.musicClass(),
                        settings.greeting(),
                        settings.routing().steps().written().stream()
                                .map(step -> new Step(step.after().toSeconds(), new TreeMap<>(step.minimum())))
                                .toList());
        return view == null
                ? new QueueBody(id, named, 0, 0, null, 0, 0)
                : new QueueBody(
                        id,
                        named,
                        view.waiting(),
                        view.offered(),
                        view.longestWaitSince(),
                        view.loggedIn(),
                        view.ready());
    }
}
