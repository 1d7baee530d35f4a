package dev.carillon.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One client of the live stream, as a page in a browser is: notes how old each new state of an agent or a call is when it comes. A state that is
 * over before the stream tells of it is not told, and so not counted.
 */
final class LiveSubscriber implements AutoCloseable {

    private static final String DATA = "data:";
    private static final int PICTURE_WITHIN_SECONDS = 120;

    private final JsonMapper json = new JsonMapper();
    private final Latency latency;
    private final InputStream stream;
    private final CountDownLatch picture = new CountDownLatch(1);
    private final Map<String, String> since = new HashMap<>();
    private volatile boolean closed;
    private volatile String trouble = "";

    /** @param latency where it is noted */
    LiveSubscriber(Http api, Latency latency) {
        this.latency = latency;
        var answer = api.stream("live");
        if (answer.statusCode() != 200) {
            throw new LoadFailure("The live stream was refused with " + answer.statusCode() + ".");
        }
        this.stream = answer.body();
        var reader = new Thread(this::read, "load-live-subscriber");
        reader.setDaemon(true);
        reader.start();
    }

    /** Waits for the first picture of everything, which is large when the centre is. */
    void awaitPicture() {
        try {
            if (!picture.await(PICTURE_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                throw new LoadFailure("The live stream has shown nothing for " + PICTURE_WITHIN_SECONDS + " s.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoadFailure("Interrupted.", e);
        }
    }

    /** Why the stream has ended; empty while it has not. */
    String trouble() {
        return trouble;
    }

    private void read() {
        try (var lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(DATA)) {
                    seen(json.readTree(line.substring(DATA.length())), BoxTraffic.micros(Instant.now()));
                }
            }
            trouble = closed ? "" : "The node has ended the live stream.";
        } catch (IOException e) {
            trouble = closed ? "" : "The live stream broke: " + e;
        } finally {
            picture.countDown();
        }
    }

    private void seen(JsonNode data, long now) {
        var first = picture.getCount() > 0;
        for (var kind : new String[] {"agents", "calls"}) {
            for (var one : data.path(kind)) {
                var at = one.path("since").asText("");
                var before = since.put(one.get("id").asText(), at);
                if (!first && !at.isEmpty() && !at.equals("null") && !at.equals(before)) {
                    latency.record(BoxTraffic.micros(Instant.parse(at)), now);
                }
            }
        }
        data.path("endedCallIds").forEach(id -> since.remove(id.asText()));
        if (data.has("agents")) {
            picture.countDown();
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            stream.close();
        } catch (IOException e) {
            // It is over either way.
        }
    }
}
