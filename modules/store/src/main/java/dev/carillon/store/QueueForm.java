package dev.carillon.store;

import dev.carillon.core.Directory;
import dev.carillon.core.agent.Handling;
import dev.carillon.core.agent.WrapUp;
import dev.carillon.core.queue.Announce;
import dev.carillon.core.queue.DecisionHook;
import dev.carillon.core.queue.LeaveKey;
import dev.carillon.core.queue.Limit;
import dev.carillon.core.queue.Waiting;
import dev.carillon.core.routing.Routing;
import dev.carillon.core.routing.ServiceLevel;
import dev.carillon.core.routing.Steps;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The settings of a queue, as they are written in the API, in seed files and in the database: the one place that knows their names,
 * defaults and limits.
 */
public final class QueueForm {

    public static final int LEAST_LEVEL = 1;
    public static final int MOST_LEVEL = 10;

    private static final List<String> DIGITS = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#");
    private static final String NO_QUEUE = "";
    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_WORD = 128;
    private static final int LONGEST_LANGUAGE = 20;
    private static final int LONGEST_URL = 500;
    private static final int LEAST_DEADLINE_MILLIS = 50;
    private static final int MOST_DEADLINE_MILLIS = 5000;
    private static final Pattern SECRET = Pattern.compile("CARILLON_HOOK_[A-Z0-9_]+");
    private static final int LEAST_PAUSE_SECONDS = 10;
    private static final int MOST_PAUSE_SECONDS = 3600;
    private static final int LEAST_RING_SECONDS = 5;
    private static final int MOST_RING_SECONDS = 120;
    private static final int MOST_WRAP_UP_SECONDS = 3600;
    private static final int LEAST_EXTEND_SECONDS = 5;
    private static final int MOST_RETURN_SECONDS = 3600;
    private static final int MOST_CODES = 200;
    private static final int LATEST_STEP_SECONDS = 86_400;
    private static final int MOST_CALLS = 100_000;
    private static final int PLAIN_CALLS = 100;
    private static final int PLAIN_WAIT_SECONDS = 300;
    private static final int PLAIN_GRACE_SECONDS = 10;
    private static final int MOST_WORTH_SECONDS = 86_400;
    private static final int MOST_HANDLING_SECONDS = 7200;
    private static final int MOST_LEVEL_SECONDS = 3600;
    private static final int PLAIN_PERCENT = 80;
    private static final int PLAIN_LEVEL_SECONDS = 20;
    private static final int MOST_BORROWERS = 50;

    /** @param name what people call it */
    public static Directory.Queue read(String id, String name, Form form) {
        return queue(id, name, id, form);
    }

    /** As it was accepted once: whatever is refused today, a queue must not be lost by that. */
    static Directory.Queue stored(String id, String name, Form form) {
        return queue(id, name, NO_QUEUE, form);
    }

    /** With its name, as the API wants it. */
    public static Directory.Queue read(String id, Form form) {
        return read(id, form.text("name", LONGEST_NAME), form);
    }

    /** @param itself where none of its callers may be sent to */
    private static Directory.Queue queue(String id, String name, String itself, Form form) {
        return new Directory.Queue(
                id,
                name,
                routing(itself, form),
                handling(form),
                waiting(itself, form),
                form.object("decisionHook", QueueForm::hook));
    }

    /** So that reading it gives the same queue; without id and name. */
    public static Map<String, Object> written(Directory.Queue queue) {
        var written = new LinkedHashMap<String, Object>();
        written.put("strategy", Form.spelled(queue.routing().strategy()));
        written.put("priorityWorthSeconds", queue.routing().priorityWorth().toSeconds());
        written.put("weightSeconds", queue.routing().weight().toSeconds());
        written.put(
                "expectedHandlingSeconds", queue.routing().expectedHandling().toSeconds());
        written.put("reservesAfterSeconds", queue.routing().reservesAfter().toSeconds());
        written.put("placeKeptSeconds", queue.routing().placeKept().toSeconds());
        written.put("ringSeconds", queue.handling().ringSeconds());
        var wrapUp = queue.handling().wrapUp();
        written.put("wrapUpMode", Form.spelled(wrapUp.mode()));
        written.put("wrapUpSeconds", wrapUp.seconds());
        written.put("wrapUpExtendSeconds", wrapUp.extendSeconds());
        written.put("wrapUpMostSeconds", wrapUp.mostSeconds());
        written.put("wrapUpCodes", wrapUp.codes());
        written.put("returnAfterMissedSeconds", queue.handling().returnAfterMissedSeconds());
        written.put("musicClass", queue.waiting().musicClass());
        written.put("greeting", queue.waiting().greeting());
        written.put(
                "steps",
                queue.routing().steps().written().stream()
                        .map(QueueForm::written)
                        .toList());
        written.put(
                "limits",
                queue.waiting().limits().stream().map(QueueForm::written).toList());
        queue.routing().serviceLevel().ifPresent(level -> written.put("serviceLevel", written(level)));
        queue.waiting().announce().ifPresent(announce -> written.put("announce", written(announce)));
        queue.waiting().leaveKey().ifPresent(key -> written.put("leaveKey", written(key)));
        queue.hook().ifPresent(hook -> written.put("decisionHook", written(hook)));
        return written;
    }

    private static Map<String, Object> written(ServiceLevel level) {
        var written = new LinkedHashMap<String, Object>();
        written.put("percent", level.percent());
        written.put("seconds", level.within().toSeconds());
        written.put("lendTo", level.lendTo());
        return written;
    }

    private static Map<String, Object> written(Steps.Step step) {
        var written = new LinkedHashMap<String, Object>();
        written.put("afterSeconds", step.after().toSeconds());
        if (step.lastAgent()) {
            written.put("lastAgent", true);
        } else {
            written.put("skills", new TreeMap<>(step.minimum()));
        }
        return written;
    }

    private static Map<String, Object> written(Limit limit) {
        var written = new LinkedHashMap<String, Object>();
        written.put("when", Form.spelled(limit.kind()));
        written.put(amount(limit.kind()), limit.amount());
        written.putAll(TargetForm.written(limit.target()));
        return written;
    }

    private static Map<String, Object> written(Announce announce) {
        var written = new LinkedHashMap<String, Object>();
        written.put("firstAfterSeconds", announce.first().toSeconds());
        written.put("everySeconds", announce.every().toSeconds());
        written.put("position", announce.position());
        written.put("estimatedWait", announce.estimatedWait());
        written.put("sound", announce.sound());
        written.put("language", announce.language());
        return written;
    }

    private static Map<String, Object> written(LeaveKey key) {
        var written = new LinkedHashMap<String, Object>();
        written.put("digit", key.digit());
        written.putAll(TargetForm.written(key.target()));
        return written;
    }

    private static Map<String, Object> written(DecisionHook hook) {
        var written = new LinkedHashMap<String, Object>();
        written.put("url", hook.url());
        written.put("deadlineMillis", hook.deadline().toMillis());
        written.put("secretEnv", hook.secretVariable());
        return written;
    }

    private static String amount(Limit.Kind kind) {
        return kind == Limit.Kind.LONGEST_LINE ? "calls" : "seconds";
    }

    private static Routing routing(String itself, Form form) {
        var plain = Routing.PLAIN;
        return new Routing(
                form.oneOf("strategy", plain.strategy()),
                steps(form),
                seconds(form, "priorityWorthSeconds", MOST_WORTH_SECONDS, plain.priorityWorth()),
                seconds(form, "weightSeconds", MOST_WORTH_SECONDS, plain.weight()),
                seconds(form, "expectedHandlingSeconds", 1, MOST_HANDLING_SECONDS, plain.expectedHandling()),
                seconds(form, "reservesAfterSeconds", MOST_WORTH_SECONDS, plain.reservesAfter()),
                seconds(form, "placeKeptSeconds", MOST_WORTH_SECONDS, plain.placeKept()),
                form.object("serviceLevel", level -> serviceLevel(itself, level)));
    }

    private static ServiceLevel serviceLevel(String itself, Form form) {
        var level = new ServiceLevel(
                form.wholeNumber("percent", 1, 100, PLAIN_PERCENT),
                seconds(form, "seconds", 1, MOST_LEVEL_SECONDS, Duration.ofSeconds(PLAIN_LEVEL_SECONDS)),
                form.ids("lendTo", Ids.ENTITY, MOST_BORROWERS));
        if (level.lendTo().contains(itself)) {
            form.invalid("lendTo", "names the queue itself; name those that may have its agents");
        }
        return level;
    }

    private static Duration seconds(Form form, String name, int most, Duration otherwise) {
        return seconds(form, name, 0, most, otherwise);
    }

    private static Duration seconds(Form form, String name, int least, int most, Duration otherwise) {
        return Duration.ofSeconds(form.wholeNumber(name, least, most, Math.toIntExact(otherwise.toSeconds())));
    }

    private static Steps steps(Form form) {
        List<Steps.Step> steps = form.objects("steps", Steps.MOST, QueueForm::step);
        var trouble = steps.isEmpty() ? Optional.<String>empty() : Steps.trouble(steps);
        trouble.ifPresent(what -> form.invalid("steps", what));
        return trouble.isPresent() ? Steps.ANYONE : Steps.of(steps);
    }

    private static Steps.Step step(Form form) {
        var after = Duration.ofSeconds(form.wholeNumber("afterSeconds", 0, LATEST_STEP_SECONDS, 0));
        var skills = form.numbers("skills", LEAST_LEVEL, MOST_LEVEL);
        if (!form.flag("lastAgent", false)) {
            return new Steps.Step(after, skills);
        }
        if (!skills.isEmpty()) {
            form.invalid("skills", "must be left out of a step for the caller's last agent");
        }
        return Steps.Step.forLastAgent(after);
    }

    private static Handling handling(Form form) {
        return new Handling(
                form.wholeNumber("ringSeconds", LEAST_RING_SECONDS, MOST_RING_SECONDS, Handling.PLAIN.ringSeconds()),
                wrapUp(form),
                form.wholeNumber(
                        "returnAfterMissedSeconds", 0, MOST_RETURN_SECONDS, Handling.PLAIN.returnAfterMissedSeconds()));
    }

    private static WrapUp wrapUp(Form form) {
        var otherwise = Handling.PLAIN.wrapUp();
        var wrapUp = new WrapUp(
                form.oneOf("wrapUpMode", otherwise.mode()),
                form.wholeNumber("wrapUpSeconds", 0, MOST_WRAP_UP_SECONDS, otherwise.seconds()),
                form.wholeNumber(
                        "wrapUpExtendSeconds", LEAST_EXTEND_SECONDS, MOST_WRAP_UP_SECONDS, otherwise.extendSeconds()),
                form.wholeNumber("wrapUpMostSeconds", 0, MOST_WRAP_UP_SECONDS, otherwise.mostSeconds()),
                form.ids("wrapUpCodes", Ids.ENTITY, MOST_CODES));
        if (wrapUp.mode() == WrapUp.Mode.EXTENDABLE && wrapUp.mostSeconds() < wrapUp.seconds()) {
            form.invalid("wrapUpMostSeconds", "must not be less than wrapUpSeconds, " + wrapUp.seconds());
        }
        return wrapUp;
    }

    private static Waiting waiting(String itself, Form form) {
        return new Waiting(
                form.word("musicClass", 1, LONGEST_WORD, Waiting.PLAIN.musicClass()),
                form.word("greeting", 0, LONGEST_WORD, Waiting.PLAIN.greeting()),
                limits(itself, form),
                form.object("leaveKey", key -> leaveKey(itself, key)),
                form.object("announce", QueueForm::announce));
    }

    private static List<Limit> limits(String itself, Form form) {
        var limits = form.objects("limits", Limit.Kind.values().length, limit -> limit(itself, limit));
        var kinds = limits.stream().map(Limit::kind).distinct().count();
        if (kinds < limits.size()) {
            form.invalid("limits", "must not have two limits with the same 'when'");
        }
        return limits;
    }

    private static Limit limit(String itself, Form form) {
        var kind = form.oneOf("when", Limit.Kind.LONGEST_WAIT);
        var amount = kind == Limit.Kind.LONGEST_LINE
                ? form.wholeNumber("calls", 0, MOST_CALLS, PLAIN_CALLS)
                : form.wholeNumber("seconds", 0, LATEST_STEP_SECONDS, seconds(kind));
        return new Limit(kind, amount, TargetForm.read(itself, form));
    }

    private static Announce announce(Form form) {
        var plain = Announce.PLAIN;
        var announce = new Announce(
                seconds(form, "firstAfterSeconds", MOST_PAUSE_SECONDS, plain.first()),
                seconds(form, "everySeconds", LEAST_PAUSE_SECONDS, MOST_PAUSE_SECONDS, plain.every()),
                form.flag("position", plain.position()),
                form.flag("estimatedWait", plain.estimatedWait()),
                form.word("sound", 0, LONGEST_WORD, plain.sound()),
                form.word("language", 0, LONGEST_LANGUAGE, plain.language()));
        if (!announce.position()
                && !announce.estimatedWait()
                && announce.sound().isEmpty()) {
            form.invalid("sound", "is missing: without it, the position and the estimated wait nothing would be said");
        }
        return announce;
    }

    private static LeaveKey leaveKey(String itself, Form form) {
        return new LeaveKey(form.oneOf("digit", DIGITS, "*"), TargetForm.read(itself, form));
    }

    private static DecisionHook hook(Form form) {
        var url = form.word("url", 0, LONGEST_URL, "");
        if (!isUrl(url)) {
            form.invalid(
                    "url",
                    "must be an address like https://crm.example/route: http or https, a host, no user or password");
        }
        var variable = form.word("secretEnv", 0, LONGEST_WORD, "");
        if (!variable.isEmpty() && !SECRET.matcher(variable).matches()) {
            form.invalid(
                    "secretEnv",
                    "must be the name of an environment variable that begins with CARILLON_HOOK_, so that nobody can have other"
                            + " secrets of the nodes sent");
        }
        var otherwise = Math.toIntExact(DecisionHook.PLAIN_DEADLINE.toMillis());
        int deadline = form.wholeNumber("deadlineMillis", LEAST_DEADLINE_MILLIS, MOST_DEADLINE_MILLIS, otherwise);
        return new DecisionHook(url, Duration.ofMillis(deadline), variable);
    }

    private static boolean isUrl(String text) {
        try {
            var uri = new URI(text);
            var web = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            return web && uri.getHost() != null && uri.getUserInfo() == null && uri.getFragment() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** How long a condition has to hold that may be over in a moment. */
    private static int seconds(Limit.Kind kind) {
        return kind == Limit.Kind.LONGEST_WAIT ? PLAIN_WAIT_SECONDS : PLAIN_GRACE_SECONDS;
    }

    private QueueForm() {}
}
