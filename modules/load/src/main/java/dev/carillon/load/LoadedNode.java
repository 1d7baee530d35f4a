package dev.carillon.load;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.carillon.node.Main;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executors;

/**
 * A node and, in the same process, the people of its simulated boxes. {@code PUT /traffic} at the port of the system property
 * {@code carillon.load.port} says who they are, {@code POST /begin} lets them come, {@code GET /news} tells what has happened since. It ends
 * when whoever has started it is gone.
 */
public final class LoadedNode {

    static final String PORT = "carillon.load.port";

    /** Who comes to which boxes of this process. */
    record Plan(Traffic traffic, List<Integer> boxes) {}

    /** @param at microseconds since 1970 */
    record Begin(long at) {}

    private static final JsonMapper JSON = new JsonMapper();
    private static final byte[] DONE = "{}".getBytes(StandardCharsets.UTF_8);

    private Generator generator;

    public static void main(String[] arguments) throws IOException {
        endWithWhoeverStartedThis();
        Main.main(arguments);
        new LoadedNode().serve(Integer.getInteger(PORT));
    }

    /** Who was killed can end nobody; but this process's input ends with them. */
    private static void endWithWhoeverStartedThis() {
        var watch = new Thread(
                () -> {
                    try {
                        while (System.in.read() >= 0) {
                            // Nothing is said there.
                        }
                    } catch (IOException gone) {
                        // As good as an end.
                    }
                    System.exit(0);
                },
                "load-whoever-started-this");
        watch.setDaemon(true);
        watch.start();
    }

    private void serve(int port) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(Executors.newSingleThreadExecutor(work -> {
            var thread = new Thread(work, "load-control");
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", exchange -> {
            try (exchange) {
                byte[] body;
                int status = 200;
                try {
                    body = answer(exchange);
                } catch (RuntimeException | IOException e) {
                    status = 500;
                    body = String.valueOf(e.getMessage()).getBytes(StandardCharsets.UTF_8);
                }
                exchange.sendResponseHeaders(status, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
    }

    private byte[] answer(HttpExchange exchange) throws IOException {
        switch (exchange.getRequestURI().getPath()) {
            case "/traffic" -> {
                var plan = JSON.readValue(exchange.getRequestBody(), Plan.class);
                if (generator != null) {
                    generator.stop();
                }
                generator = new Generator(plan.traffic(), plan.boxes());
                return DONE;
            }
            case "/begin" -> {
                generator.begin(
                        JSON.readValue(exchange.getRequestBody(), Begin.class).at());
                return DONE;
            }
            case "/news" -> {
                return JSON.writeValueAsBytes(generator.news());
            }
            default -> throw new IllegalArgumentException("there is nothing at " + exchange.getRequestURI());
        }
    }

    private LoadedNode() {}
}
