package dev.carillon.store;

import dev.carillon.core.Directory;
import dev.carillon.core.agent.NotReadyReason;
import dev.carillon.core.agent.NotReadyReasons;
import dev.carillon.core.inbound.Calendar;
import dev.carillon.core.inbound.CallerEntry;
import dev.carillon.core.inbound.Rule;
import dev.carillon.core.inbound.Treatment;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.box.BoxSettings;
import dev.carillon.store.ConfigurationStore.Refused;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What each entry of the configuration must look like by itself. The same limits stand in the tables' constraints. */
final class Rules {

    static final int LEAST_PRIORITY = 1;
    static final int MOST_PRIORITY = 10;
    static final int MOST_ORDER = 1_000_000;
    static final int LONGEST_NOTE = 200;
    static final int LEAST_AGENT_SECONDS = 1;
    static final int MOST_AGENT_SECONDS = 3600;
    static final int LEAST_OUTSIDE_SECONDS = 5;
    static final int MOST_OUTSIDE_SECONDS = 120;

    private static final Pattern WORD = Pattern.compile("[!-~]{1,128}");
    private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}]{1,100}");
    private static final Set<String> KINDS = Set.of("asterisk", "simulated");

    private Rules() {}

    static void check(BoxSettings box) {
        var what = "box " + box.boxId();
        fits(what, "id", box.boxId(), Ids.BOX);
        if (!KINDS.contains(box.kind())) {
            throw invalid(what, "kind", "is '" + box.kind() + "'; use asterisk or simulated");
        }
        matches(what, "address", box.address(), WORD, "where the box listens, for example http://10.0.0.1:8088");
        noControls(what, "user", box.user());
        noControls(what, "password", box.password());
        trunk(what, box.trunk());
        if (box.kind().equals("asterisk")) {
            httpAddress(what, box.address());
            if (box.user().isEmpty()) {
                throw invalid(what, "user", "is missing; give the user of the box's ari.conf");
            }
        }
    }

    private static void trunk(String what, String trunk) {
        if (!trunk.isEmpty() && (!WORD.matcher(trunk).matches() || !trunk.contains(Directory.NUMBER))) {
            throw wrong(
                    what,
                    "trunk",
                    trunk,
                    "how the box reaches a number outside, with {number} in its place, for example PJSIP/{number}@trunk");
        }
    }

    static void check(Seat seat) {
        var what = "seat " + seat.seatId();
        id(what, seat.seatId());
        matches(what, "endpoint", seat.endpoint(), WORD, "how the box reaches the phone, for example PJSIP/1001");
    }

    static void check(Directory.Queue queue) {
        var what = "queue " + queue.id();
        id(what, queue.id());
        name(what, queue.name());
        // Who has read it from a form knows already; tests and programs make queues by hand.
        var form = JsonForm.of(QueueForm.written(queue));
        QueueForm.read(queue.id(), queue.name(), form);
        check(what, form);
    }

    static void check(Directory.Agent agent) {
        var what = "agent " + agent.id();
        id(what, agent.id());
        name(what, agent.name());
        var seen = new HashSet<String>();
        for (var queueId : agent.queueIds()) {
            if (!seen.add(queueId)) {
                throw invalid(what, "queues", "names " + queueId + " twice; name it once");
            }
        }
        var form = JsonForm.of(AgentForm.written(agent));
        AgentForm.read(agent.id(), agent.name(), agent.queueIds(), form);
        check(what, form);
    }

    static void check(Directory.DialledNumber number) {
        var what = "number " + number.number();
        number(what, "number", number.number());
        range(what, "priority", number.priority(), LEAST_PRIORITY, MOST_PRIORITY);
    }

    private static void check(String what, JsonForm form) {
        form.troubles().stream().findFirst().ifPresent(trouble -> {
            throw invalid(what, SeedSection.kebab(trouble.field()), trouble.detail());
        });
    }

    static void check(Calendar calendar) {
        var what = "calendar " + calendar.id();
        id(what, calendar.id());
        name(what, calendar.name());
    }

    static void check(NotReadyReason reason) {
        var what = NotReadyReasonTable.KIND + " " + reason.code();
        id(what, reason.code());
        if (reason.code().equals("ready") || NotReadyReasons.isBuiltIn(reason.code())) {
            throw invalid(what, "code", "is one that Carillon gives by itself; choose another");
        }
        name(what, reason.name());
        range(what, "order", reason.order(), 0, MOST_ORDER);
    }

    static void check(CallerEntry caller) {
        var what = "caller " + caller.number();
        number(what, "number", caller.number());
        if (caller.note().length() > LONGEST_NOTE) {
            throw invalid(what, "note", "is longer than " + LONGEST_NOTE + " characters; shorten it");
        }
        noControls(what, "note", caller.note());
        if (!caller.agentId().isEmpty()) {
            fits(what, "agent", caller.agentId(), Ids.ENTITY);
            if (caller.list() != CallerEntry.CallerList.VIP) {
                throw invalid(what, "agent", "is only for callers on the VIP list; leave it out, or write list: vip");
            }
        }
        range(what, "agent-seconds", caller.agentSeconds(), LEAST_AGENT_SECONDS, MOST_AGENT_SECONDS);
    }

    static void check(Rule rule) {
        var what = "inbound rule " + rule.id();
        var when = rule.when();
        id(what, rule.id());
        name(what, rule.name());
        range(what, "order", rule.order(), 0, MOST_ORDER);
        numbers(what, "dialled-numbers", when.dialled().exact());
        numbers(what, "dialled-prefixes", when.dialled().prefixes());
        numbers(what, "caller-numbers", when.caller().exact());
        numbers(what, "caller-prefixes", when.caller().prefixes());
        for (var hours : when.hours()) {
            if (hours.from().equals(hours.to())) {
                throw invalid(
                        what,
                        "hours",
                        "holds " + HoursText.of(hours)
                                + ", which ends when it begins; leave hours out for the whole day");
            }
        }
        if (rule.target() instanceof Treatment.ToAgent target) {
            fits(what, "agent", target.agentId(), Ids.ENTITY);
            range(what, "agent-seconds", target.seconds(), LEAST_AGENT_SECONDS, MOST_AGENT_SECONDS);
            check(what, target.then());
        } else if (rule.target() instanceof Treatment.ToNumber target) {
            fits(what, "number", target.number(), Ids.OUTSIDE_NUMBER);
            range(what, "ring-seconds", target.seconds(), LEAST_OUTSIDE_SECONDS, MOST_OUTSIDE_SECONDS);
            check(what, target.then());
        } else if (rule.target() instanceof Treatment.ToQueue target) {
            check(what, target);
        } else if (rule.target() instanceof Treatment.HearsAnnouncement target) {
            matches(what, "sound", target.sound(), WORD, "a sound of the box, for example sound:closed");
        }
    }

    private static void check(String what, Treatment.ToQueue target) {
        range(what, "priority", target.priority(), LEAST_PRIORITY, MOST_PRIORITY);
        if (!target.greeting().isEmpty()) {
            matches(what, "greeting", target.greeting(), WORD, "empty, or a sound of the box: sound:queue-thankyou");
        }
    }

    static Refused invalid(String what, String field, String trouble) {
        return new Refused("INVALID", field, what + ": " + field + " " + trouble);
    }

    private static void numbers(String what, String field, Collection<String> numbers) {
        numbers.forEach(number -> number(what, field, number));
    }

    private static void number(String what, String field, String number) {
        fits(what, field, number, Ids.NUMBER);
    }

    private static void id(String what, String id) {
        fits(what, "id", id, Ids.ENTITY);
    }

    private static void name(String what, String name) {
        if (name.isBlank() || !NAME.matcher(name).matches()) {
            throw invalid(what, "name", "must be 1 to 100 characters on one line");
        }
    }

    private static void fits(String what, String field, String value, Ids form) {
        if (!form.fits(value)) {
            throw wrong(what, field, value, form.form());
        }
    }

    private static void matches(String what, String field, String value, Pattern pattern, String form) {
        if (!pattern.matcher(value).matches()) {
            throw wrong(what, field, value, form);
        }
    }

    private static Refused wrong(String what, String field, String value, String form) {
        return invalid(what, field, (value.isEmpty() ? "is missing" : "is '" + value + "'") + "; must be " + form);
    }

    private static void range(String what, String field, int value, int least, int most) {
        if (value < least || value > most) {
            throw invalid(what, field, "is " + value + "; must be " + least + " to " + most);
        }
    }

    private static void noControls(String what, String field, String value) {
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw invalid(what, field, "holds a control character; remove it");
        }
    }

    private static void httpAddress(String what, String address) {
        try {
            var uri = new URI(address);
            var scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            if (Set.of("http", "https").contains(scheme) && uri.getHost() != null && uri.getUserInfo() == null) {
                return;
            }
        } catch (URISyntaxException e) {
            throw invalid(what, "address", "is '" + address + "', which is no URL: " + e.getReason());
        }
        throw invalid(
                what,
                "address",
                "is '" + address + "'; must be http://host:port or https://host:port, user and password apart");
    }
}
