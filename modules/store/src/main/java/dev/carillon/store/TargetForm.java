package dev.carillon.store;

import dev.carillon.core.OwnQueue;
import dev.carillon.core.Target;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where a caller goes who leaves a queue: among the settings of whatever sends them there. */
final class TargetForm {

    private static final int LONGEST_SOUND = 128;
    private static final String TO_QUEUE = "to-queue";
    private static final String TO_AGENT = "to-agent";
    private static final String TO_NUMBER = "to-number";
    private static final String ANNOUNCEMENT = "announcement";
    private static final String BUSY = "busy";

    /** @param itself the queue that is left, which is no way out of it */
    static Target read(String itself, Form form) {
        return switch (form.oneOf("action", List.of(TO_QUEUE, TO_AGENT, TO_NUMBER, ANNOUNCEMENT, BUSY), TO_QUEUE)) {
            case TO_AGENT -> toAgent(form);
            case TO_NUMBER -> toNumber(form);
            case ANNOUNCEMENT -> announcement(form);
            case BUSY -> new Target.Busy();
            default -> toQueue(itself, form);
        };
    }

    private static Target toQueue(String itself, Form form) {
        var queueId = form.id("queueId", Ids.ENTITY, "");
        if (queueId.isEmpty()) {
            form.invalid("queueId", "is missing: it says to which queue the caller goes");
        } else if (queueId.equals(itself)) {
            form.invalid("queueId", "is the queue that the caller is to leave; name another one");
        }
        return new Target.OtherQueue(queueId);
    }

    private static Target toAgent(Form form) {
        var agentId = form.id("agentId", Ids.ENTITY, "");
        if (agentId.isEmpty()) {
            form.invalid("agentId", "is missing: it says to which agent the caller goes");
        }
        return new Target.ToAgent(
                agentId,
                form.wholeNumber(
                        "agentSeconds", Rules.LEAST_AGENT_SECONDS, Rules.MOST_AGENT_SECONDS, OwnQueue.SECONDS));
    }

    private static Target toNumber(Form form) {
        var number = form.id("number", Ids.OUTSIDE_NUMBER, "");
        if (number.isEmpty()) {
            form.invalid("number", "is missing: it says which number outside is called");
        }
        return new Target.ToNumber(
                number,
                form.wholeNumber(
                        "ringSeconds",
                        Rules.LEAST_OUTSIDE_SECONDS,
                        Rules.MOST_OUTSIDE_SECONDS,
                        Target.ToNumber.SECONDS));
    }

    private static Target announcement(Form form) {
        var sound = form.word("sound", 0, LONGEST_SOUND, "");
        if (sound.isEmpty()) {
            form.invalid("sound", "is missing: it says what the caller hears");
        }
        return new Target.Announcement(sound);
    }

    static Map<String, Object> written(Target target) {
        var written = new LinkedHashMap<String, Object>();
        if (target instanceof Target.OtherQueue queue) {
            written.put("action", TO_QUEUE);
            written.put("queueId", queue.queueId());
        } else if (target instanceof Target.ToAgent agent) {
            written.put("action", TO_AGENT);
            written.put("agentId", agent.agentId());
            written.put("agentSeconds", agent.seconds());
        } else if (target instanceof Target.ToNumber number) {
            written.put("action", TO_NUMBER);
            written.put("number", number.number());
            written.put("ringSeconds", number.seconds());
        } else if (target instanceof Target.Announcement announcement) {
            written.put("action", ANNOUNCEMENT);
            written.put("sound", announcement.sound());
        } else {
            written.put("action", BUSY);
        }
        return written;
    }

    private TargetForm() {}
}
