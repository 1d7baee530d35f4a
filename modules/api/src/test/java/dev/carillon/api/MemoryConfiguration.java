package dev.carillon.api;

import dev.carillon.core.Directory;
import dev.carillon.core.Target;
import dev.carillon.core.agent.NotReadyReason;
import dev.carillon.core.agent.NotReadyReasons;
import dev.carillon.core.inbound.Calendar;
import dev.carillon.core.inbound.CallerEntry;
import dev.carillon.core.inbound.InboundRules;
import dev.carillon.core.inbound.Rule;
import dev.carillon.core.inbound.Treatment;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.box.BoxSettings;
import dev.carillon.store.Configuration;
import dev.carillon.store.ConfigurationStore;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;

/** A configuration in memory, with the references checked as the database checks them. */
final class MemoryConfiguration implements ConfigurationService, ConfigurationStore {

    final List<String> storedBoxes = new CopyOnWriteArrayList<>();
    static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

    private final Map<String, BoxSettings> boxes = new TreeMap<>();
    private final Map<String, Seat> seats = new TreeMap<>();
    private final Map<String, Directory.Queue> queues = new TreeMap<>();
    private final Map<String, Directory.Agent> agents = new TreeMap<>();
    private final Map<String, Directory.DialledNumber> numbers = new TreeMap<>();
    private final Map<String, Calendar> calendars = new TreeMap<>();
    private final Map<String, Rule> rules = new TreeMap<>();
    private final Map<String, CallerEntry> callers = new TreeMap<>();
    private final Map<String, NotReadyReason> reasons = new TreeMap<>();
    private long version = 1;

    /** When set, every change fails with it. */
    volatile RuntimeException broken;

    @Override
    public synchronized Configuration current() {
        return load();
    }

    @Override
    public <T> CompletionStage<T> change(Function<ConfigurationStore, T> change) {
        return CompletableFuture.supplyAsync(() -> {
            if (broken != null) {
                throw broken;
            }
            return together(() -> change.apply(this));
        });
    }

    @Override
    public void boxStored(String boxId) {
        storedBoxes.add(boxId);
    }

    @Override
    public synchronized Configuration load() {
        return new Configuration(
                version,
                List.copyOf(boxes.values()),
                List.copyOf(seats.values()),
                new Directory(
                        queues,
                        agents,
                        numbers,
                        seats,
                        new InboundRules(ZONE, List.copyOf(rules.values()), calendars, callers),
                        new NotReadyReasons(reasons)));
    }

    @Override
    public synchronized long version() {
        return version;
    }

    @Override
    public synchronized <T> T together(Supplier<T> changes) {
        var result = changes.get();
        version++;
        return result;
    }

    @Override
    public synchronized void putBox(BoxSettings box) {
        boxes.put(box.boxId(), box);
    }

    @Override
    public synchronized void putBoxKeepingPassword(BoxSettings box) {
        var stored = boxes.get(box.boxId());
        putBox(new BoxSettings(
                box.boxId(),
                box.kind(),
                box.address(),
                box.user(),
                stored == null ? "" : stored.password(),
                box.trunk()));
    }

    @Override
    public synchronized void putSeat(Seat seat) {
        known("box", boxes, seat.boxId());
        seats.put(seat.seatId(), seat);
    }

    @Override
    public synchronized void putQueue(Directory.Queue queue) {
        queue.waiting().waysOut().forEach(target -> {
            if (target instanceof Target.ToAgent to) {
                known("limits", agents, to.agentId());
            }
        });
        queues.put(queue.id(), queue);
    }

    @Override
    public synchronized void putAgent(Directory.Agent agent) {
        agent.queueIds().forEach(queueId -> known("queues", queues, queueId));
        agents.put(agent.id(), agent);
    }

    @Override
    public synchronized void putNumber(Directory.DialledNumber number) {
        known("queue", queues, number.queueId());
        numbers.put(number.number(), number);
    }

    @Override
    public synchronized void putCalendar(Calendar calendar) {
        calendars.put(calendar.id(), calendar);
    }

    @Override
    public synchronized void putInboundRule(Rule rule) {
        if (!rule.when().days().on().isEmpty()) {
            known("on-days-of", calendars, rule.when().days().on());
        }
        if (rule.target() instanceof Treatment.ToQueue target) {
            known("queue", queues, target.queueId());
        } else if (rule.target() instanceof Treatment.ToAgent target) {
            known("agent", agents, target.agentId());
        }
        rules.put(rule.id(), rule);
    }

    @Override
    public synchronized boolean switchInboundRule(String ruleId, boolean active) {
        return rules.computeIfPresent(
                        ruleId, (id, r) -> new Rule(id, r.name(), r.order(), active, r.forced(), r.when(), r.target()))
                != null;
    }

    @Override
    public synchronized void putCaller(CallerEntry caller) {
        if (!caller.agentId().isEmpty()) {
            known("agent", agents, caller.agentId());
        }
        callers.put(caller.number(), caller);
    }

    @Override
    public synchronized void putNotReadyReason(NotReadyReason reason) {
        reasons.put(reason.code(), reason);
    }

    @Override
    public synchronized boolean deleteNotReadyReason(String code) {
        return reasons.remove(code) != null;
    }

    @Override
    public synchronized boolean deleteBox(String boxId) {
        unused(seats.values().stream().anyMatch(seat -> seat.boxId().equals(boxId)), "box " + boxId);
        return boxes.remove(boxId) != null;
    }

    @Override
    public synchronized boolean deleteSeat(String seatId) {
        return seats.remove(seatId) != null;
    }

    @Override
    public synchronized boolean deleteQueue(String queueId) {
        unused(
                numbers.values().stream().anyMatch(number -> number.queueId().equals(queueId))
                        || agents.values().stream()
                                .anyMatch(agent -> agent.queueIds().contains(queueId)),
                "queue " + queueId);
        return queues.remove(queueId) != null;
    }

    @Override
    public synchronized boolean deleteAgent(String agentId) {
        unused(load().directory().sentTo().contains(agentId), "agent " + agentId);
        return agents.remove(agentId) != null;
    }

    @Override
    public synchronized boolean deleteNumber(String number) {
        return numbers.remove(number) != null;
    }

    @Override
    public synchronized boolean deleteCalendar(String calendarId) {
        unused(
                rules.values().stream().anyMatch(rule -> rule.when().days().on().equals(calendarId)),
                "calendar " + calendarId);
        return calendars.remove(calendarId) != null;
    }

    @Override
    public synchronized boolean deleteInboundRule(String ruleId) {
        return rules.remove(ruleId) != null;
    }

    @Override
    public synchronized boolean deleteCaller(String number) {
        return callers.remove(number) != null;
    }

    private static void known(String field, Map<String, ?> there, String id) {
        if (!there.containsKey(id)) {
            throw new Refused("UNKNOWN_REFERENCE", field, field + " names '" + id + "', which does not exist");
        }
    }

    private static void unused(boolean used, String what) {
        if (used) {
            throw new Refused("IN_USE", what + " is in use");
        }
    }
}
