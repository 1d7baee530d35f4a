package dev.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.typesafe.config.ConfigFactory;
import dev.carillon.core.Directory;
import dev.carillon.core.agent.Handling;
import dev.carillon.core.call.DecisionQuestion;
import dev.carillon.core.queue.DecisionHook;
import dev.carillon.core.queue.Waiting;
import dev.carillon.core.routing.Routing;
import dev.carillon.protocol.call.CallCommand;
import dev.carillon.protocol.call.CallCommand.Decided;
import dev.carillon.protocol.call.CallCommand.NotDecided;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Before a real HTTP server of the operator's. */
class DecisionHooksTest {

    private static final Contract CONTRACT = new Contract();
    private static final Duration PATIENT = Duration.ofSeconds(5);
    private static final String VARIABLE = "CARILLON_HOOK_CRM";

    private static ActorTestKit kit;

    private final BlockingQueue<CallCommand> told = new LinkedBlockingQueue<>();
    private final BlockingQueue<JsonNode> received = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> authorizations = new LinkedBlockingQueue<>();
    private final CountDownLatch silence = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, String> environment = new ConcurrentHashMap<>();
    private volatile String answer = "{}";
    private volatile int status = 200;
    private volatile boolean silent;
    private HttpServer server;
    private DecisionHooks hooks;

    @BeforeAll
    static void startSystem() {
        kit = ActorTestKit.create(ConfigFactory.parseString("akka.actor.provider = local\nakka.loglevel = WARNING")
                .withFallback(ConfigFactory.load()));
    }

    @AfterAll
    static void stopSystem() {
        kit.shutdownTestKit();
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
        hooks = new DecisionHooks(
                kit.system(), DecisionHooksTest::directory, name -> Optional.ofNullable(environment.get(name)));
        environment.put(VARIABLE, "open sesame");
        environment.put(VARIABLE + DecisionHooks.ITS_URLS, "https://crm.example/ " + url());
    }

    @AfterEach
    void stop() {
        silence.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            received.add(Contract.json(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            authorizations.add(Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                    .orElse(""));
            if (silent || exchange.getRequestURI().getPath().equals("/silent")) {
                silence.await();
            }
            var bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void asksAsTheContractSays() throws InterruptedException {
        assertThat(decided("{}")).isEqualTo(new Decided("ask-1", "", 20, "", 0));
        var question = received.take();
        CONTRACT.checkSchema("DecisionQuestion", question);
        assertThat(question.path("callerNumber").asText()).isEqualTo("+4930");
        assertThat(question.path("callerName").isNull()).isTrue();
        assertThat(question.path("skills").path("english").asInt()).isEqualTo(8);
        assertThat(authorizations.take()).isEmpty();
        assertThat(hooks.figures()).isEqualTo(new DecisionHooks.Figures(1, 1, 0, 0, 0));
    }

    @Test
    void theDocumentsExamplesAreAnswersThatAreUnderstood() {
        var examples = CONTRACT.root().at("/webhooks/decision/post/responses/200/content/application~1json/examples");
        assertThat(examples).isNotEmpty();
        for (var example : examples) {
            CONTRACT.checkSchema("DecisionAnswer", example.path("value"));
            assertThat(decided(example.path("value").toString())).isInstanceOf(Decided.class);
        }
        CONTRACT.checkSchema(
                "DecisionQuestion",
                CONTRACT.root().at("/webhooks/decision/post/requestBody/content/application~1json/example"));
    }

    @Test
    void anAgentForAWhileAnotherQueueAndAPriorityAreUnderstood() {
        assertThat(decided("{\"agentId\": \"anna\", \"waitSeconds\": 7, \"queueId\": null}"))
                .isEqualTo(new Decided("ask-1", "anna", 7, "", 0));
        assertThat(decided("{\"queueId\": \"sales\", \"priority\": 8}"))
                .isEqualTo(new Decided("ask-1", "", 20, "sales", 8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{} {}",
                "{\"agentId\": 7}",
                "{\"agent\": \"anna\"}",
                "{\"agentId\": \"anna\", \"queueId\": \"sales\"}",
                "{\"agentId\": \"anna\", \"waitSeconds\": 601}",
                "{\"agentId\": \"nobody\"}",
                "{\"queueId\": \"nowhere\"}",
                "{\"queueId\": \"hotline\"}",
                "{\"priority\": 11}"
            })
    void nonsenseIsNoAnswer(String nonsense) {
        assertThat(decided(nonsense)).isInstanceOf(NotDecided.class);
        assertThat(hooks.figures()).isEqualTo(new DecisionHooks.Figures(1, 0, 0, 1, 0));
    }

    @Test
    void moreThanSixtyFourKilobytesAreNotRead() {
        assertThat(decided("{" + " ".repeat(64 * 1024) + "}")).isInstanceOf(NotDecided.class);
        assertThat(decided("{" + " ".repeat(60 * 1024) + "}")).isInstanceOf(Decided.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 302, 307, 404, 500, 503})
    void anotherStatusIsNoAnswerAndARedirectIsNotFollowed(int other) {
        status = other;
        answer = "";
        assertThat(answerFrom(url(), "", PATIENT))
                .isEqualTo(new NotDecided("ask-1", "answers with HTTP status " + other));
        assertThat(received).hasSize(1);
    }

    @Test
    void aSecretIsTakenFromTheEnvironmentAndWithoutItNobodyIsAsked() throws InterruptedException {
        answerFrom(url(), VARIABLE, PATIENT);
        assertThat(authorizations.take()).isEqualTo("Bearer open sesame");
        assertThat(answerFrom(url(), "CARILLON_HOOK_OTHER", PATIENT))
                .isEqualTo(new NotDecided(
                        "ask-1", "the environment variable CARILLON_HOOK_OTHER is not set on this node"));
        assertThat(received).hasSize(1);
    }

    @Test
    void aSecretIsSentNowhereElseThanWhereTheOperatorSays() throws InterruptedException {
        var reason = "its address is not among those in the environment variable CARILLON_HOOK_CRM_URLS of this node";
        for (var other : List.of(url() + "s", url() + "/../elsewhere", url().replace("/route", "/"))) {
            assertThat(answerFrom(other, VARIABLE, PATIENT)).as(other).isEqualTo(new NotDecided("ask-1", reason));
            assertThat(answerFrom(other, "", PATIENT)).as("without it, anybody").isInstanceOf(Decided.class);
            assertThat(authorizations.take()).isEmpty();
        }
        assertThat(answerFrom(url() + "/calls?of=us", VARIABLE, PATIENT)).isInstanceOf(Decided.class);
        assertThat(authorizations.take()).isEqualTo("Bearer open sesame");

        environment.remove(VARIABLE + DecisionHooks.ITS_URLS);
        assertThat(answerFrom(url(), VARIABLE, PATIENT)).isEqualTo(new NotDecided("ask-1", reason));
        assertThat(authorizations).isEmpty();
    }

    @Test
    void nobodyElseIsAskedThanWhomTheOperatorAllows() {
        environment.put(DecisionHooks.OPEN_URLS, "http://crm.example," + url());
        assertThat(answerFrom(url(), "", PATIENT)).isInstanceOf(Decided.class);
        assertThat(((NotDecided) answerFrom(url() + "s", "", PATIENT)).reason()).contains("CARILLON_HOOK_URLS");
        assertThat(received).hasSize(1);
        assertThat(answerFrom(url(), VARIABLE, PATIENT)).as("its own list").isInstanceOf(Decided.class);
    }

    @ParameterizedTest
    @CsvSource({
        "https://crm.example, https://crm.example/route, true",
        "https://crm.example, https://CRM.example:443/, true",
        "https://crm.example/a, https://crm.example/a?b=c, true",
        "https://crm.example/a/, https://crm.example/a/b, true",
        "https://crm.example/a/, https://crm.example/a, false",
        "https://crm.example/a, https://crm.example/ab, false",
        "https://crm.example/a, https://crm.example/a/../b, false",
        "https://crm.example/a, https://crm.example/a/%2E%2e/b, false",
        "https://crm.example, https://crm.example.net/, false",
        "https://crm.example, https://crm.example@evil.example/, false",
        "https://crm.example, https://crm.example:8443/, false",
        "https://crm.example, http://crm.example/, false",
        "https://crm.example, crm.example, false",
        "'', https://crm.example/, false",
    })
    void anAddressIsAllowedByWhatIsAskedAndNotByItsText(String allowed, String url, boolean is) {
        assertThat(HookUrls.of(allowed).include(url)).isEqualTo(is);
    }

    @Test
    void aHookThatDoesNotAnswerKeepsNoConnectionFromOthersOfTheSameServer() throws InterruptedException {
        for (int i = 0; i < DecisionHooks.MOST_OPEN; i++) {
            hooks.ask(new DecisionHook(url().replace("/route", "/silent"), PATIENT, ""), question(), late -> {});
        }
        for (int i = 0; i < DecisionHooks.MOST_OPEN; i++) {
            assertThat(received.poll(30, TimeUnit.SECONDS)).as("all are open").isNotNull();
        }
        assertThat(answerFrom(url(), "", Duration.ofSeconds(2))).isInstanceOf(Decided.class);
    }

    @Test
    void whoIsSilentBeyondTheDeadlineIsLate() {
        silent = true;
        assertThat(answerFrom(url(), "", Duration.ofMillis(200)))
                .isEqualTo(new NotDecided("ask-1", "no answer in time"));
        assertThat(hooks.figures()).isEqualTo(new DecisionHooks.Figures(1, 0, 1, 0, 0));
    }

    @Test
    void whoRefusesConnectionsIsNotAskedForAWhileAndOthersAre() throws IOException {
        var refusing = "http://127.0.0.1:" + freePort() + "/";
        for (int i = 0; i < DecisionHooks.FAILURES; i++) {
            assertThat(((NotDecided) answerFrom(refusing, "", PATIENT)).reason())
                    .startsWith("cannot be reached");
        }
        // The last failure may be counted a moment after it is told.
        int failed = DecisionHooks.FAILURES;
        var reason = ((NotDecided) answerFrom(refusing, "", PATIENT)).reason();
        while (reason.startsWith("cannot be reached") && failed < 100 * DecisionHooks.FAILURES) {
            failed++;
            reason = ((NotDecided) answerFrom(refusing, "", PATIENT)).reason();
        }
        assertThat(reason).contains("times in a row");
        assertThat(hooks.figures()).isEqualTo(new DecisionHooks.Figures(failed + 1, 0, 0, failed, 1));
        assertThat(decided("{}")).isInstanceOf(Decided.class);
    }

    @Test
    void whoNeverAnswersHasNoMoreThanSoManyQuestionsOpenAndIsNotTakenForBroken() throws InterruptedException {
        silent = true;
        int tooMany = DecisionHooks.FAILURES + 2;
        for (int i = 0; i < DecisionHooks.MOST_OPEN + tooMany; i++) {
            hooks.ask(new DecisionHook(url(), PATIENT, ""), question(), told::add);
        }
        for (int i = 0; i < tooMany; i++) {
            assertThat(told.poll(30, TimeUnit.SECONDS))
                    .isEqualTo(
                            new NotDecided("ask-1", "has not answered " + DecisionHooks.MOST_OPEN + " questions yet"));
        }
    }

    // Hands.

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/route";
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private CallCommand decided(String body) {
        answer = body;
        return answerFrom(url(), "", PATIENT);
    }

    private CallCommand answerFrom(String url, String variable, Duration deadline) {
        hooks.ask(new DecisionHook(url, deadline, variable), question(), told::add);
        try {
            var heard = told.poll(30, TimeUnit.SECONDS);
            assertThat(heard).as("the call is told").isNotNull();
            return heard;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static DecisionQuestion question() {
        var now = Instant.parse("2026-03-01T10:00:00.123Z");
        return new DecisionQuestion(
                "ask-1", "box1-7", "+4930", "", "100", "hotline", now, now, 5, Map.of("english", 8), 1);
    }

    private static Directory directory() {
        return new Directory(
                Map.of("hotline", queue("hotline"), "sales", queue("sales")),
                Map.of("anna", new Directory.Agent("anna", "Anna", List.of("hotline"))),
                Map.of(),
                Map.of());
    }

    private static Directory.Queue queue(String id) {
        return new Directory.Queue(id, id, Routing.PLAIN, Handling.PLAIN, Waiting.PLAIN);
    }
}
