package dev.carillon.telephony.asterisk;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.Http;
import akka.http.javadsl.ServerBinding;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.model.ws.Message;
import akka.http.javadsl.model.ws.TextMessage;
import akka.http.javadsl.model.ws.WebSocket;
import akka.stream.BoundedSourceQueue;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import dev.carillon.protocol.box.BoxSettings;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/**
 * A box that answers as the test says, for what a real one does too seldom or too fast: a healthy one with nobody on it, until it is
 * told otherwise. Requests are named like {@code DELETE /channels/leg-1}, without what follows the question mark.
 */
final class FakeAri implements AutoCloseable {

    private record Answer(int status, String body) {}

    static final String INFO = "{'system':{'version':'22.10.1'},'status':{'startup_time':'then'}}";

    private final ActorSystem<?> system;
    private final ServerBinding server;
    /** To whoever opened a WebSocket last. */
    private volatile BoundedSourceQueue<Message> events;

    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final Map<String, Runnable> happenings = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    FakeAri(ActorSystem<?> system) {
        this.system = system;
        answers.put("GET /asterisk/info", new Answer(200, INFO));
        answers.put(
                "GET /asterisk/modules",
                new Answer(
                        200,
                        Requirements.MODULES.stream()
                                .map(module -> "{'name':'" + module + "','status':'Running'}")
                                .collect(Collectors.joining(",", "[", "]"))));
        answers.put("GET /asterisk/variable", new Answer(200, "{'value':'1'}"));
        answers.put("GET /channels", new Answer(200, "[]"));
        answers.put("GET /bridges", new Answer(200, "[]"));
        server = Http.get(system)
                .newServerAt("127.0.0.1", 0)
                .bind(this::serve)
                .toCompletableFuture()
                .join();
    }

    BoxSettings settings() {
        return new BoxSettings(
                "box1", "asterisk", "http://127.0.0.1:" + server.localAddress().getPort(), "carillon", "secret");
    }

    /** @param json with ' for " */
    void answers(String request, int status, String json) {
        answers.put(request, new Answer(status, json));
    }

    /** As one does that was not told anything. */
    void answersAgain(String request) {
        answers.remove(request);
    }

    /** From now on nothing comes back. */
    void isSilentAbout(String request) {
        answers.put(request, new Answer(0, ""));
    }

    /** What happens on the box when it is asked this, before it answers. */
    void when(String request, Runnable happens) {
        happenings.put(request, happens);
    }

    /** @param json with ' for " */
    void says(String json) {
        events.offer(TextMessage.create(quoted(json)));
    }

    long count(String request) {
        return requests.stream().filter(request::equals).count();
    }

    /** A channel that is in our application, as lists and events show it. */
    static String channel(String id, String callId, String state) {
        return "{'id':'%s','name':'PJSIP/x-%s','state':'%s','caller':{'name':'Ann','number':'+4930'},"
                        .formatted(id, id, state)
                + "'channelvars':{'CALL_ID':'%s'},'dialplan':{'context':'carillon','app_name':'Stasis'},"
                        .formatted(callId)
                + "'creationtime':'2026-11-21T18:09:16.854+0000'}";
    }

    /** A channel of ours that is there when we come: listed, and it answers. */
    void has(String id, String callId, String state) {
        answers("GET /channels", 200, "[" + channel(id, callId, state) + "]");
        answers("GET /channels/" + id + "/variable", 200, "{'value':'" + callId + "'}");
    }

    void hasNoMore(String id) {
        answers("GET /channels/" + id + "/variable", 404, "{'message':'Provided channel was not found'}");
    }

    private CompletionStage<HttpResponse> serve(HttpRequest request) {
        String path = request.getUri().path().substring("/ari".length());
        String name = request.method().name() + " " + path;
        requests.add(name);
        happenings.getOrDefault(name, () -> {}).run();
        var answer = answers.get(name);
        if (answer == null && path.equals("/events")) {
            var queue = Source.<Message>queue(1000).preMaterialize(system);
            events = queue.first();
            return CompletableFuture.completedFuture(WebSocket.handleWebSocketRequestWith(
                    request, Flow.fromSinkAndSource(Sink.ignore(), queue.second())));
        }
        request.discardEntityBytes(system);
        if (path.startsWith("/events/user/")) {
            says("{'type':'ChannelUserevent','eventname':'" + path.substring("/events/user/".length()) + "'}");
        }
        if (answer == null) {
            return CompletableFuture.completedFuture(HttpResponse.create().withStatus(StatusCodes.NO_CONTENT));
        }
        return answer.status() == 0 ? new CompletableFuture<>() : CompletableFuture.completedFuture(response(answer));
    }

    private static HttpResponse response(Answer answer) {
        return HttpResponse.create()
                .withStatus(answer.status())
                .withEntity(ContentTypes.APPLICATION_JSON, quoted(answer.body()));
    }

    private static String quoted(String json) {
        return json.replace('\'', '"');
    }

    @Override
    public void close() {
        server.unbind().toCompletableFuture().join();
    }
}
