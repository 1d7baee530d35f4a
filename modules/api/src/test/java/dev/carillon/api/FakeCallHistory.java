package dev.carillon.api;

import dev.carillon.protocol.call.CallEvent;
import dev.carillon.readmodel.CallHistory;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Journals in memory. */
final class FakeCallHistory implements CallHistory {

    final Map<String, List<CallEvent>> journals = new ConcurrentHashMap<>();
    volatile Throwable broken;

    @Override
    public CompletionStage<List<CallEvent>> of(String callId) {
        return broken == null
                ? CompletableFuture.completedFuture(journals.getOrDefault(callId, List.of()))
                : CompletableFuture.failedFuture(broken);
    }
}
