package dev.carillon.api;

import akka.actor.ActorSystem;
import akka.actor.typed.javadsl.Adapter;
import akka.http.javadsl.Http;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.model.headers.Authorization;
import akka.http.javadsl.model.headers.HttpCredentials;
import akka.http.javadsl.settings.ClientConnectionSettings;
import akka.http.javadsl.settings.ConnectionPoolSettings;
import akka.http.scaladsl.model.EntityStreamException;
import akka.http.scaladsl.model.EntityStreamSizeException;
import akka.pattern.CircuitBreaker;
import akka.pattern.CircuitBreakerOpenException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.cluster.HookGateway;
import dev.carillon.core.Directory;
import dev.carillon.core.call.DecisionQuestion;
import dev.carillon.core.queue.DecisionHook;
import dev.carillon.protocol.call.CallCommand;
import dev.carillon.protocol.call.CallCommand.Decided;
import dev.carillon.store.Environment;
import dev.carillon.store.Ids;
import dev.carillon.store.JsonForm;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.concurrent.duration.FiniteDuration;

/**
 * Asks queues' decision hooks over HTTP. What is sent and answered is {@code webhooks} of the contract.
 *
 * <ol>
 *   <li>Each question is posted once, and never repeated. No redirect is followed, certificates are verified, and more than
 *       {@link #MOST_BYTES} of an answer are not read.
 *   <li>A secret is sent only to addresses that the operator of the nodes has given for it, and where they have given addresses for hooks
 *       without one, only those are asked ({@link HookUrls}): whoever may change a queue decides neither.
 *   <li>A hook that does not answer costs nobody else anything, nor other hooks of the same server: {@link #MOST_OPEN} of its questions may be open, and after
 *       {@link #FAILURES} in a row that came to nothing it is not asked for {@link #PAUSE}; then one question tries it.
 *   <li>Whatever is not an answer that can be followed is said to the call at once with the reason, counted, and logged, each kind for each
 *       hook once a minute.
 * </ol>
 */
public final class DecisionHooks implements HookGateway {

    static final int MOST_OPEN = 64;
    /** Connections are made as they are needed, and each hook needs no more than {@link #MOST_OPEN}. */
    private static final int MOST_CONNECTIONS_TO_A_SERVER = 16 * MOST_OPEN;

    /** Beside the variable of a secret: where it may be sent. */
    static final String ITS_URLS = "_URLS";

    /** Where hooks without a secret may be; when it is not set, anywhere. */
    static final String OPEN_URLS = "CARILLON_HOOK_URLS";

    static final int FAILURES = 5;
    static final Duration PAUSE = Duration.ofSeconds(5);
    static final long MOST_BYTES = 64 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(DecisionHooks.class);
    private static final int MOST_CALLS_WAITING_FOR_A_CONNECTION = 4096;
    private static final int PLAIN_WAIT_SECONDS = 20;
    private static final int MOST_WAIT_SECONDS = 600;
    private static final int MOST_PRIORITY = 10;
    private static final int LONGEST_REASON = 200;

    /** Beyond every deadline: a connection on which nothing has been heard for so long is given up. */
    private static final FiniteDuration SILENCE = FiniteDuration.create(6, TimeUnit.SECONDS);

    /**
     * What this node has counted since it started.
     *
     * @param asked questions that were to be asked
     * @param answered those that had an answer which can be followed
     * @param late those without one before the deadline
     * @param failed those that came to nothing in another way
     * @param skipped those that were not sent, because the hook had come to nothing too often, or too many were open
     */
    public record Figures(long asked, long answered, long late, long failed, long skipped) {}

    private enum Trouble {
        LATE,
        UNREACHABLE,
        STATUS,
        NONSENSE,
        CONFIGURATION,
        SKIPPED
    }

    /** What is not an answer that can be followed. */
    private static final class Unusable extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final Trouble trouble;

        Unusable(Trouble trouble, String reason) {
            super(reason, null, false, false);
            this.trouble = trouble;
        }
    }

    /** What stands between this node and one hook. */
    private static final class Line {
        private final CircuitBreaker breaker;
        private final Semaphore places = new Semaphore(MOST_OPEN);
        private final Map<Trouble, Long> loggedAt = new EnumMap<>(Trouble.class);

        Line(CircuitBreaker breaker) {
            this.breaker = breaker;
        }

        synchronized boolean isNews(Trouble trouble) {
            long now = System.nanoTime();
            var before = loggedAt.get(trouble);
            if (before != null && now - before < TimeUnit.MINUTES.toNanos(1)) {
                return false;
            }
            loggedAt.put(trouble, now);
            return true;
        }
    }

    private final ActorSystem system;
    private final Supplier<Directory> directory;
    private final Environment environment;
    private final Http http;
    private final ConnectionPoolSettings pool;
    private final Map<DecisionHook, Line> lines = new ConcurrentHashMap<>();
    private final LongAdder asked = new LongAdder();
    private final LongAdder answered = new LongAdder();
    private final Map<Trouble, LongAdder> troubles = new EnumMap<>(Trouble.class);

    /**
     * @param directory the configuration as it is now
     * @param environment where secrets are
     */
    public DecisionHooks(
            akka.actor.typed.ActorSystem<?> system, Supplier<Directory> directory, Environment environment) {
        this.system = Adapter.toClassic(system);
        this.directory = directory;
        this.environment = environment;
        http = Http.get(system);
        pool = ConnectionPoolSettings.create(this.system)
                .withMaxConnections(MOST_CONNECTIONS_TO_A_SERVER)
                .withMaxOpenRequests(MOST_CALLS_WAITING_FOR_A_CONNECTION)
                .withMaxRetries(0)
                // The circuit breaker does that.
                .withBaseConnectionBackoff(FiniteDuration.Zero())
                .withConnectionSettings(ClientConnectionSettings.create(this.system)
                        .withConnectingTimeout(SILENCE)
                        .withIdleTimeout(SILENCE));
        for (var trouble : Trouble.values()) {
            troubles.put(trouble, new LongAdder());
        }
    }

    public Figures figures() {
        return new Figures(
                asked.sum(),
                answered.sum(),
                count(Trouble.LATE),
                count(Trouble.UNREACHABLE)
                        + count(Trouble.STATUS)
                        + count(Trouble.NONSENSE)
                        + count(Trouble.CONFIGURATION),
                count(Trouble.SKIPPED));
    }

    private long count(Trouble trouble) {
        return troubles.get(trouble).sum();
    }

    @Override
    public void ask(DecisionHook hook, DecisionQuestion question, Consumer<CallCommand> answer) {
        asked.increment();
        var line = lines.computeIfAbsent(
                hook, some -> new Line(CircuitBreaker.create(system.scheduler(), FAILURES, some.deadline(), PAUSE)));
        var unused = answer(line, hook, question)
                .thenApply(body -> read(body, question))
                .whenComplete((decided, failure) -> {
                    if (failure == null) {
                        answered.increment();
                        answer.accept(decided);
                        return;
                    }
                    var unusable = understood(Problems.cause(failure));
                    troubles.get(unusable.trouble).increment();
                    if (line.isNews(unusable.trouble)) {
                        LOG.warn(
                                "The decision hook {} of queue {}: {}. The queue's own rule applies; more of the kind is said in a minute",
                                hook.url().replaceAll("\\?.*", ""),
                                question.queueId(),
                                unusable.getMessage());
                    }
                    answer.accept(new CallCommand.NotDecided(question.askId(), unusable.getMessage()));
                });
    }

    /** That many are asked at once is no fault of the hook's, so its circuit breaker does not hear of it. */
    private CompletionStage<ObjectNode> answer(Line line, DecisionHook hook, DecisionQuestion question) {
        if (!line.places.tryAcquire()) {
            return CompletableFuture.failedFuture(
                    new Unusable(Trouble.SKIPPED, "has not answered " + MOST_OPEN + " questions yet"));
        }
        // A question that the breaker has given up is open until the connection says so; its place is given back once,
        // whoever is slow.
        var open = new AtomicBoolean();
        var released = new AtomicBoolean();
        Runnable release = () -> {
            if (released.compareAndSet(false, true)) {
                line.places.release();
            }
        };
        return line.breaker
                .callWithCircuitBreakerCS(() -> {
                    var asking = post(hook, question);
                    open.set(true);
                    return asking.whenComplete((body, failure) -> release.run());
                })
                .whenComplete((body, failure) -> {
                    if (!open.get()) {
                        release.run();
                    }
                });
    }

    private CompletionStage<ObjectNode> post(DecisionHook hook, DecisionQuestion question) {
        return http.singleRequest(request(hook, question), http.defaultClientHttpsContext(), pool, system.log())
                .thenCompose(this::body);
    }

    private HttpRequest request(DecisionHook hook, DecisionQuestion question) {
        var request = HttpRequest.POST(hook.url())
                .withEntity(ContentTypes.APPLICATION_JSON, Json.bytes(Question.of(question)));
        var variable = hook.secretVariable();
        if (variable.isEmpty()) {
            if (environment
                    .get(OPEN_URLS)
                    .filter(urls -> !HookUrls.of(urls).include(hook.url()))
                    .isPresent()) {
                throw new Unusable(Trouble.CONFIGURATION, notAmong(OPEN_URLS));
            }
            return request;
        }
        var secret = environment
                .get(variable)
                .orElseThrow(() -> new Unusable(
                        Trouble.CONFIGURATION, "the environment variable " + variable + " is not set on this node"));
        var urls = environment.get(variable + ITS_URLS).orElse("");
        if (!HookUrls.of(urls).include(hook.url())) {
            throw new Unusable(Trouble.CONFIGURATION, notAmong(variable + ITS_URLS));
        }
        return request.addHeader(Authorization.create(HttpCredentials.createOAuth2BearerToken(secret)));
    }

    private static String notAmong(String variable) {
        return "its address is not among those in the environment variable " + variable + " of this node";
    }

    private CompletionStage<ObjectNode> body(HttpResponse response) {
        if (!response.status().equals(StatusCodes.OK)) {
            response.discardEntityBytes(system);
            return CompletableFuture.failedFuture(new Unusable(
                    Trouble.STATUS,
                    "answers with HTTP status " + response.status().intValue()));
        }
        return response.entity()
                .toStrict(SILENCE.toMillis(), MOST_BYTES, system)
                .thenApply(entity -> object(entity.getData().toArray()));
    }

    private static ObjectNode object(byte[] bytes) {
        try {
            if (Json.MAPPER.readTree(bytes) instanceof ObjectNode object) {
                return object;
            }
        } catch (IOException e) {
            // Said below: where it breaks off is nobody's help.
        }
        throw new Unusable(Trouble.NONSENSE, "answers with something else than one JSON object");
    }

    private Decided read(ObjectNode body, DecisionQuestion question) {
        var form = new JsonForm(body);
        form.nullable("agentId", "waitSeconds", "queueId", "priority");
        var decided = new Decided(
                question.askId(),
                form.id("agentId", Ids.ENTITY, ""),
                form.wholeNumber("waitSeconds", 1, MOST_WAIT_SECONDS, PLAIN_WAIT_SECONDS),
                form.id("queueId", Ids.ENTITY, ""),
                form.wholeNumber("priority", 1, MOST_PRIORITY, 0));
        if (!decided.agentId().isEmpty() && !decided.queueId().isEmpty()) {
            form.invalid("queueId", "must be left out beside agentId");
        }
        if (!form.troubles().isEmpty()) {
            throw new Unusable(
                    Trouble.NONSENSE,
                    form.troubles().stream()
                            .map(trouble -> trouble.field() + " " + trouble.detail())
                            .collect(Collectors.joining("; ", "its answer cannot be understood: ", "")));
        }
        DecisionHook.trouble(question.queueId(), decided, directory.get()).ifPresent(trouble -> {
            throw new Unusable(Trouble.NONSENSE, trouble);
        });
        return decided;
    }

    private static Unusable understood(Throwable failure) {
        if (failure instanceof Unusable unusable) {
            var reason = unusable.getMessage();
            return reason.length() <= LONGEST_REASON
                    ? unusable
                    : new Unusable(unusable.trouble, reason.substring(0, LONGEST_REASON));
        }
        if (failure instanceof CircuitBreakerOpenException) {
            return new Unusable(
                    Trouble.SKIPPED, "came to nothing " + FAILURES + " times in a row; it is not asked for a while");
        }
        if (failure instanceof TimeoutException) {
            return new Unusable(Trouble.LATE, "no answer in time");
        }
        if (failure instanceof EntityStreamException || failure instanceof EntityStreamSizeException) {
            return new Unusable(Trouble.NONSENSE, "its answer is longer than " + MOST_BYTES + " bytes, or breaks off");
        }
        return new Unusable(
                Trouble.UNREACHABLE, "cannot be reached (" + failure.getClass().getSimpleName() + ")");
    }

    /** {@code DecisionQuestion} of the contract. */
    record Question(
            String askId,
            String callId,
            String callerNumber,
            String callerName,
            String dialledNumber,
            String queueId,
            Instant arrivedAt,
            Instant waitingSince,
            int priority,
            Map<String, Integer> skills,
            int attempt) {

        static Question of(DecisionQuestion question) {
            return new Question(
                    question.askId(),
                    question.callId(),
                    Words.orNull(question.callerNumber()),
                    Words.orNull(question.callerName()),
                    Words.orNull(question.dialledNumber()),
                    question.queueId(),
                    question.arrivedAt(),
                    question.waitingSince(),
                    question.priority(),
                    new TreeMap<>(question.skills()),
                    question.attempt());
        }
    }
}
