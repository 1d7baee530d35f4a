package dev.carillon.acceptance;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.sun.net.httpserver.HttpServer;
import dev.carillon.node.Main;
import dev.carillon.telephony.running.RunningBox;
import dev.carillon.telephony.running.SimulatedBoxes;
import dev.carillon.telephony.simulated.Caller;
import dev.carillon.telephony.simulated.Experience;
import dev.carillon.telephony.simulated.Reaction;
import dev.carillon.telephony.simulated.Ring;
import dev.carillon.testkit.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * A node whose simulated box has traffic: in the process of the node, as simulated boxes are. {@code POST /} on the port of the
 * system property {@code traffic.port} lets the callers come and answers, once the last of them has left, with what they and
 * the seats lived through.
 */
public final class TrafficMain {

    static final String BOX = "box-1";
    static final String NUMBER = "100";
    static final int SEATS = 100;
    static final int CALLS = 1_000;

    /** 50 calls a second. */
    static final Duration APART = Duration.ofMillis(20);

    /** What the box and its people know, whatever Carillon recorded. */
    public record Truth(List<Experience> experiences, List<Ring> rings) {}

    public static void main(String[] arguments) throws IOException {
        Main.main(arguments);
        var server = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.getInteger("traffic.port")), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                var truth = json().writeValueAsBytes(traffic());
                exchange.sendResponseHeaders(200, truth.length);
                exchange.getResponseBody().write(truth);
            }
        });
        server.start();
    }

    static String endpoint(int seat) {
        return "SIM/" + seat;
    }

    static JsonMapper json() {
        return JsonMapper.builder()
                .addModule(new Jdk8Module())
                .addModule(new JavaTimeModule())
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .build();
    }

    private static Truth traffic() {
        var random = new SplittableRandom(20_261_121);
        var box = SimulatedBoxes.box(BOX);
        IntStream.range(0, SEATS).forEach(seat -> {
            var own = random.split();
            box.seat(endpoint(seat), () -> answers(own));
        });
        var timer = Executors.newSingleThreadScheduledExecutor();
        try {
            var arrivals = IntStream.range(0, CALLS)
                    .mapToObj(i -> {
                        var caller = caller(i, random);
                        return timer.schedule(() -> box.arrive(caller), APART.toMillis() * i, TimeUnit.MILLISECONDS);
                    })
                    .toList();
            for (var arrival : arrivals) {
                arrival.get();
            }
            return timer.submit(() -> everybodyHasLeft(box)).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            timer.shutdownNow();
        }
    }

    private static Truth everybodyHasLeft(RunningBox box) {
        return Eventually.gives(Duration.ofMinutes(2), () -> {
            var experiences = box.experiences();
            var left = experiences.stream()
                    .filter(one -> one.endedAt().isPresent())
                    .count();
            if (left < CALLS) {
                throw new AssertionError(left + " of " + CALLS + " callers have left");
            }
            return new Truth(experiences, box.rings());
        });
    }

    private static Reaction answers(SplittableRandom random) {
        return new Reaction.Answers(
                Duration.ofMillis(50 + random.nextInt(200)), Duration.ofMillis(1_000 + random.nextInt(2_000)));
    }

    /** One in twenty is not ready to wait at all; either side may be the one who hangs up. */
    private static Caller caller(int index, SplittableRandom random) {
        var patience = index % 20 == 0 ? Duration.ofMillis(random.nextInt(150)) : Duration.ofMinutes(1);
        return new Caller(
                String.valueOf(49_400_000 + index),
                "",
                NUMBER,
                patience,
                Duration.ofMillis(1_000 + random.nextInt(2_000)));
    }

    private TrafficMain() {}
}
