package dev.carillon.node;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Whether this node can serve: every part that must be there, by name, each of which can say why it is not. */
final class Health {

    /** Empty when the part is well, otherwise what is wrong with it, for people. */
    @FunctionalInterface
    interface Check {
        CompletionStage<Optional<String>> ask();
    }

    /**
     * @param trouble by the name of the part, in a fixed order; empty text for a part that is well
     * @param notes what is worth knowing of parts that keep no node from being ready, likewise
     */
    record Report(Map<String, String> trouble, Map<String, String> notes) {

        boolean ready() {
            return trouble.values().stream().allMatch(String::isEmpty);
        }
    }

    /** A part that does not answer for so long counts as ill. */
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final Map<String, Check> checks = new LinkedHashMap<>();
    private final Map<String, Supplier<Optional<String>>> notes = new LinkedHashMap<>();

    static Check is(BooleanSupplier well, String otherwise) {
        return () -> said(well.getAsBoolean() ? Optional.empty() : Optional.of(otherwise));
    }

    /** Well once the stage has completed. */
    static Check when(CompletionStage<?> stage, String notYet) {
        var future = stage.toCompletableFuture();
        return is(() -> future.isDone() && !future.isCompletedExceptionally(), notYet);
    }

    static CompletionStage<Optional<String>> said(Optional<String> trouble) {
        return CompletableFuture.completedStage(trouble);
    }

    /** All checks are added while the node starts, before anybody asks. */
    synchronized Health with(String part, Check check) {
        checks.put(part, check);
        return this;
    }

    /** Their names, in a fixed order. */
    synchronized List<String> parts() {
        return List.copyOf(checks.keySet());
    }

    /** Of a part that serves less than usual, and best where it is: nobody is to look elsewhere for that. Answers at once, and never fails. */
    synchronized Health withNote(String part, Supplier<Optional<String>> note) {
        notes.put(part, note);
        return this;
    }

    /** Asks all parts at the same time; never fails. */
    synchronized CompletionStage<Report> ask() {
        var trouble = new LinkedHashMap<String, String>();
        CompletionStage<?> all = CompletableFuture.completedStage(null);
        for (var part : checks.entrySet()) {
            trouble.put(part.getKey(), "no answer within " + LIMIT.toSeconds() + " s");
            all = all.thenCombine(answer(part.getValue()), (none, answer) -> trouble.put(part.getKey(), answer));
        }
        return all.thenApply(done -> new Report(trouble, notesNow()));
    }

    private synchronized Map<String, String> notesNow() {
        var now = new LinkedHashMap<String, String>();
        notes.forEach((part, note) -> now.put(part, note.get().orElse("")));
        return now;
    }

    private static CompletionStage<String> answer(Check check) {
        CompletableFuture<Optional<String>> asked;
        try {
            asked = check.ask().toCompletableFuture();
        } catch (RuntimeException e) {
            asked = CompletableFuture.failedFuture(e);
        }
        return asked.thenApply(trouble -> trouble.orElse(""))
                .completeOnTimeout(
                        "no answer within " + LIMIT.toSeconds() + " s", LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(Throwable::getMessage);
    }
}
