package dev.carillon.telephony.asterisk;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.protocol.box.BoxTrouble;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/** Whether a box is one that Carillon can work with; if not, what has to be done. */
final class Requirements {

    /** What was found: either a box we can use, or the trouble and the text of {@code BoxLink.Down}. */
    sealed interface Result {
        record Fits(String version, String incarnation) implements Result {}

        record Fails(BoxTrouble trouble, String detail) implements Result {}
    }

    private static final int OLDEST = 20;

    static final List<String> MODULES = List.of(
            "app_stasis.so",
            "chan_pjsip.so",
            "func_channel.so",
            "func_timeout.so",
            "res_ari_applications.so",
            "res_ari_bridges.so",
            "res_ari_channels.so",
            "res_ari_events.so",
            "res_ari_playbacks.so",
            "res_musiconhold.so",
            "res_stasis_answer.so",
            "res_stasis_playback.so",
            "app_channelredirect.so",
            "app_queue.so");

    private static final String CONFIGURATION = "see deploy/asterisk/README.md for the configuration a box needs";

    private final AriClient client;

    Requirements(AriClient client) {
        this.client = client;
    }

    CompletionStage<Result> check() {
        return client.firstGet("/asterisk/info").thenCompose(info -> {
            if (!info.done()) {
                return CompletableFuture.completedFuture(failure(info));
            }
            return client.get("/asterisk/modules")
                    .thenCombine(
                            client.get("/asterisk/variable", "variable", "CARILLON_DIALPLAN"),
                            (modules, dialplan) -> judge(info.body(), modules, dialplan));
        });
    }

    static Result failure(AriReply reply) {
        if (reply.unknown()) {
            return new Result.Fails(BoxTrouble.BOX_UNREACHABLE, "The box does not answer: " + reply.failure());
        }
        if (reply.refused()) {
            return new Result.Fails(
                    BoxTrouble.BOX_REFUSED_PASSWORD,
                    "The box refuses the user or the password. They must be those of a user in its ari.conf");
        }
        if (reply.status() >= 500) {
            return new Result.Fails(
                    BoxTrouble.BOX_UNREACHABLE,
                    "The box answers " + reply.message() + ": it is starting, stopping, or has too much to do");
        }
        // While a box starts, it listens before it has its modules.
        return new Result.Fails(
                reply.status() == 404 ? BoxTrouble.BOX_STARTING : BoxTrouble.BOX_MISCONFIGURED,
                "What listens there answers " + reply.message()
                        + " where ARI should be: is ARI enabled in ari.conf, is res_ari loaded, and does the address"
                        + " lack a prefix set in http.conf? " + CONFIGURATION);
    }

    static Result judge(JsonNode info, AriReply modules, AriReply dialplan) {
        if (!modules.done() || !dialplan.done()) {
            return failure(modules.done() ? dialplan : modules);
        }
        String version = info.path("system").path("version").asText();
        var problems = new ArrayList<String>();
        // What is only not there yet.
        var trouble = BoxTrouble.BOX_STARTING;
        var major = Pattern.compile("^\\D*(\\d+)").matcher(version);
        // A version without a number is somebody's own build; they know.
        if (major.find() && Integer.parseInt(major.group(1)) < OLDEST) {
            trouble = BoxTrouble.BOX_MISCONFIGURED;
            problems.add("It is Asterisk " + version + "; Carillon needs " + OLDEST + " or newer");
        }
        var running = new ArrayList<String>();
        modules.body().forEach(module -> {
            if (module.path("status").asText().equals("Running")) {
                running.add(module.path("name").asText());
            }
        });
        var missing =
                MODULES.stream().filter(module -> !running.contains(module)).toList();
        if (!missing.isEmpty()) {
            problems.add("It does not run the modules " + String.join(", ", missing) + ": load them in modules.conf");
        }
        if (dialplan.body().path("value").asText().isEmpty()) {
            problems.add("Its dialplan does not have the contexts of deploy/asterisk/extensions.conf: install that file"
                    + " and say \"dialplan reload\"");
        }
        if (!problems.isEmpty()) {
            return new Result.Fails(trouble, String.join(". ", problems) + "; " + CONFIGURATION);
        }
        return new Result.Fits(version, info.path("status").path("startup_time").asText());
    }
}
