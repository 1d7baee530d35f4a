package dev.carillon.simulation;

import dev.carillon.core.Directory;
import dev.carillon.core.Directory.DialledNumber;
import dev.carillon.core.Directory.Strategy;
import dev.carillon.core.OwnQueue;
import dev.carillon.core.Target;
import dev.carillon.core.agent.Handling;
import dev.carillon.core.agent.WrapUp;
import dev.carillon.core.inbound.CallerEntry;
import dev.carillon.core.inbound.CallerEntry.CallerList;
import dev.carillon.core.inbound.InboundRules;
import dev.carillon.core.inbound.Rule;
import dev.carillon.core.inbound.Treatment;
import dev.carillon.core.queue.Announce;
import dev.carillon.core.queue.DecisionHook;
import dev.carillon.core.queue.LeaveKey;
import dev.carillon.core.queue.Limit;
import dev.carillon.core.queue.Waiting;
import dev.carillon.core.routing.Routing;
import dev.carillon.core.routing.ServiceLevel;
import dev.carillon.core.routing.Steps;
import dev.carillon.protocol.Seat;
import dev.carillon.telephony.simulated.Caller;
import dev.carillon.telephony.simulated.Reaction;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * One history, made of one number: a small contact centre, its callers and agents, and what goes wrong until it heals. Each kind of
 * trouble is there in half of the histories only, so that rare combinations get room; one history in ten has none at all.
 */
final class RandomHistory {

    /** No history may take longer to come to its end. */
    private static final long LONGEST_MS = 300_000;

    /** After the last caller has gone: time for everybody to notice. */
    private static final long AFTERMATH_MS = 6_000;

    private static final int MOST_CALLERS = 12;

    /** A sequence of its own, of which no other history begins. */
    private static final long OUTSIDE = 0x6f75_7473_6964_65L;

    /** Another one. */
    private static final long RULES = 0x7275_6c65_73L;

    /** Another one. */
    private static final long ANNOUNCED = 0x616e_6e6f_756e_6365L;

    private static final String FOR_ANNOUNCEMENT = "9-announced";
    private static final String FOR_OUTSIDE = "9-outside";
    private static final String NOT_IN_USE = "000";
    private static final List<String> SKILLS = List.of("english", "german");
    private static final List<Strategy> STRATEGIES = List.of(Strategy.values());

    private final SplittableRandom random;
    /** What callers may do beside waiting is drawn apart: half of the histories are as they are without. */
    private final SplittableRandom ways;

    /** How many calls agents may have in an hour, and when it is midnight, are drawn apart, too. */
    private final SplittableRandom hours;

    private final boolean callsAreLimited;
    private final ZoneOffset zone;
    /** So are phones that are unplugged. */
    private final SplittableRandom phones;

    /** Decision hooks, too. */
    private final SplittableRandom hooks;

    private final boolean hooked;

    private final boolean callersMayLeave;
    /** Service levels are drawn apart, too. */
    private final SplittableRandom levels;

    private final boolean queuesLend;

    /** And numbers outside. */
    private final SplittableRandom outside;

    private final boolean callsGoOutside;

    /** And inbound rules, lists, and changes of how queues find agents. */
    private final SplittableRandom rules;

    private final boolean rulesApply;

    /** And who only hears an announcement. */
    private final SplittableRandom announced;

    private final boolean rulesAnnounce;
    private final List<String> boxIds = new ArrayList<>();
    private final List<String> queueIds = new ArrayList<>();
    private final List<String> agentIds = new ArrayList<>();
    private final Map<String, Seat> seats = new TreeMap<>();
    private final long healAt;
    private final World world;
    private long lastArrival;

    RandomHistory(long seed, Deciders deciders, Trace trace) {
        random = Chance.of(seed);
        ways = random.split();
        callersMayLeave = ways.nextBoolean();
        hours = Chance.of(~seed);
        phones = hours.split();
        callsAreLimited = hours.nextBoolean();
        zone = hours.nextBoolean() ? midnightAfterSeconds(hours.nextInt(90)) : ZoneOffset.UTC;
        hooks = hours.split();
        hooked = hooks.nextInt(3) == 0;
        levels = hours.split();
        queuesLend = levels.nextBoolean();
        outside = Chance.of(seed ^ OUTSIDE);
        callsGoOutside = outside.nextInt(3) == 0;
        rules = Chance.of(seed ^ RULES);
        rulesApply = rules.nextInt(3) == 0;
        announced = Chance.of(seed ^ ANNOUNCED);
        rulesAnnounce = announced.nextInt(4) == 0;
        fill(boxIds, "box", between(1, 2));
        fill(queueIds, "q", between(1, 3));
        fill(agentIds, "a", between(1, 5));
        boolean shared = chance(0.2);
        for (var agentId : agentIds) {
            var own = new Seat("seat-" + agentId, oneOf(boxIds), "SIM/" + agentId);
            // Some have to share a desk with an earlier one, and only one of them gets it.
            seats.put(agentId, shared && !seats.isEmpty() ? oneOf(List.copyOf(seats.values())) : own);
        }
        boolean calm = chance(0.1);
        healAt = calm ? 0 : between(15_000, 45_000);
        var setup = new Setup(boxIds, seats, directory(), between(1, 3), between(1, 15));
        world = new World(random.nextLong(), deciders, setup, calm ? Odds.NONE : odds(), healAt, trace);
        sit();
        callersCome();
        if (!calm) {
            storm();
        }
        configurationChanges();
        limitsChange();
        phonesAreUnplugged();
        levelsChange();
        rulesAreSwitched();
        routingChanges();
    }

    World world() {
        return world;
    }

    /** Lets it happen. Throws {@link Violation}. */
    void run() {
        world.runUntil(Math.max(healAt, lastArrival));
        while (!world.isOver()) {
            if (world.now() > LONGEST_MS) {
                throw new Violation(4, "the history does not come to an end");
            }
            world.runUntil(world.now() + 500);
        }
        world.runUntil(world.now() + AFTERMATH_MS);
        world.settleAccounts();
    }

    // Who is there

    private Directory directory() {
        var queues = new HashMap<String, Directory.Queue>();
        var numbers = new HashMap<String, DialledNumber>();
        for (var queueId : queueIds) {
            queues.put(
                    queueId,
                    new Directory.Queue(
                            queueId,
                            queueId,
                            routing(queueId),
                            handling(),
                            new Waiting("default", chance(0.3) ? "sound:hello" : "", limits(), leaveKey(), announce()),
                            hook()));
            numbers.put("7-" + queueId, new DialledNumber("7-" + queueId, queueId, 5));
            numbers.put("8-" + queueId, new DialledNumber("8-" + queueId, queueId, between(1, 10)));
        }
        var agents = new HashMap<String, Directory.Agent>();
        agentIds.forEach(agentId -> agents.put(agentId, agent(agentId)));
        return new Directory(
                        queues,
                        agents,
                        numbers,
                        seats.values().stream()
                                .collect(Collectors.toMap(Seat::seatId, seat -> seat, (one, same) -> one)),
                        inbound(numbers))
                .withTrunks(trunks());
    }

    private Routing routing(String queueId) {
        return new Routing(
                oneOf(STRATEGIES),
                steps(),
                ms(0, 20_000),
                ms(0, 20_000),
                ms(1_000, 20_000),
                ms(0, 20_000),
                ms(0, 20_000),
                serviceLevel(queueId));
    }

    private Handling handling() {
        return new Handling(between(3, 12), wrapUp(), chance(0.5) ? 0 : between(1, 8));
    }

    /** Not every box has one. */
    private Map<String, String> trunks() {
        return boxIds.stream()
                .filter(boxId -> callsGoOutside && outside.nextInt(5) > 0)
                .collect(Collectors.toMap(boxId -> boxId, boxId -> "SIM/" + Directory.NUMBER + "@trunk"));
    }

    /** Few, so that they are busy at times. */
    private String numberOutside() {
        return "04" + outside.nextInt(4);
    }

    private Directory.Agent agent(String agentId) {
        var queues = someQueues();
        var reserveOf = queues.stream().filter(queueId -> chance(0.15)).collect(Collectors.toSet());
        var ranks = queues.stream()
                .filter(queueId -> chance(0.5))
                .collect(Collectors.toMap(queueId -> queueId, queueId -> between(1, 3)));
        int maxCallsPerHour = callsAreLimited && hours.nextInt(3) > 0 ? 1 + hours.nextInt(3) : 0;
        return new Directory.Agent(agentId, agentId, queues, someSkills(), reserveOf, ranks, maxCallsPerHour);
    }

    /** Where the history begins at 8 o'clock in Greenwich, it is so many seconds before midnight. */
    private static ZoneOffset midnightAfterSeconds(int seconds) {
        return ZoneOffset.ofTotalSeconds(16 * 3_600 - seconds);
    }

    /** Also one that lends to a queue that has none. */
    private Optional<ServiceLevel> serviceLevel(String queueId) {
        return queuesLend && levels.nextInt(5) > 0
                ? Optional.of(new ServiceLevel(
                        30 + levels.nextInt(71),
                        Duration.ofMillis(1_000 + levels.nextInt(14_000)),
                        queueIds.stream()
                                .filter(other -> !other.equals(queueId) && levels.nextInt(4) > 0)
                                .toList()))
                : Optional.empty();
    }

    private List<Limit> limits() {
        var limits = new ArrayList<Limit>();
        for (var kind : Limit.Kind.values()) {
            if (callersMayLeave && ways.nextInt(10) < 4) {
                int most = kind == Limit.Kind.LONGEST_LINE ? 4 : 26;
                limits.add(new Limit(kind, ways.nextInt(most), target()));
            }
        }
        return limits;
    }

    private Optional<LeaveKey> leaveKey() {
        return callersMayLeave && ways.nextBoolean() ? Optional.of(new LeaveKey(digit(), target())) : Optional.empty();
    }

    private Optional<Announce> announce() {
        return callersMayLeave && ways.nextInt(3) > 0
                ? Optional.of(new Announce(
                        Duration.ofMillis(ways.nextInt(8_000)),
                        Duration.ofMillis(4_000 + ways.nextInt(8_000)),
                        ways.nextBoolean(),
                        ways.nextBoolean(),
                        ways.nextBoolean() ? "sound:thanks" : "",
                        ""))
                : Optional.empty();
    }

    private Optional<DecisionHook> hook() {
        return hooked && hooks.nextInt(4) > 0
                ? Optional.of(new DecisionHook("", Duration.ofMillis(50 + hooks.nextInt(5_000)), ""))
                : Optional.empty();
    }

    private String digit() {
        return ways.nextInt(4) == 0 ? "0" : "*";
    }

    /** Also one that is not there, and the queue itself. */
    private Target target() {
        if (callsGoOutside && outside.nextInt(3) == 0) {
            return new Target.ToNumber(numberOutside(), 1 + outside.nextInt(12));
        }
        return switch (ways.nextInt(13)) {
            case 0 -> new Target.Busy();
            case 1, 2 -> new Target.Announcement("sound:goodbye");
            case 3 -> new Target.OtherQueue("deleted");
            case 4, 5 -> new Target.ToAgent(someAgent(), 1 + ways.nextInt(15));
            case 6 -> new Target.ToAgent("deleted", 5);
            default -> new Target.OtherQueue(queueIds.get(ways.nextInt(queueIds.size())));
        };
    }

    private String someAgent() {
        return agentIds.get(ways.nextInt(agentIds.size()));
    }

    /** Of those who may call, some are important, and some of these have an agent of their own. */
    private InboundRules inbound(Map<String, DialledNumber> numbers) {
        var callers = new HashMap<String, CallerEntry>();
        for (int i = 0; callersMayLeave && i < MOST_CALLERS; i++) {
            if (ways.nextInt(4) == 0) {
                var agentId = ways.nextInt(4) == 0 ? "" : someAgent();
                var number = number(i);
                callers.put(number, new CallerEntry(number, CallerList.VIP, false, "", agentId, 1 + ways.nextInt(15)));
            }
        }
        for (int i = 0; rulesApply && i < MOST_CALLERS; i++) {
            if (rules.nextInt(8) == 0) {
                callers.put(number(i), new CallerEntry(number(i), CallerList.BLACKLIST, false, ""));
            }
        }
        var all = new ArrayList<>(callsGoOutside ? rulesToOutside(numbers) : List.<Rule>of());
        if (rulesApply) {
            all.addAll(rulesOf(numbers));
        }
        if (rulesAnnounce) {
            all.add(rule(FOR_ANNOUNCEMENT, new Treatment.HearsAnnouncement("sound:closed")));
        }
        return new InboundRules(zone, all, Map.of(), callers);
    }

    /** To another queue, or to nobody; some for one caller only, some forced, and some switched off. */
    private List<Rule> rulesOf(Map<String, DialledNumber> numbers) {
        var some = new ArrayList<Rule>();
        for (var number : new TreeMap<>(numbers).keySet()) {
            for (int order = 2; rules.nextInt(3) == 0; order++) {
                var caller = rules.nextInt(3) == 0
                        ? new Rule.Numbers(Set.of(number(rules.nextInt(MOST_CALLERS))), Set.of())
                        : Rule.Numbers.ALL;
                var when = new Rule.When(new Rule.Numbers(Set.of(number), Set.of()), caller, Rule.Days.ALL, List.of());
                var target = rules.nextInt(4) == 0
                        ? new Treatment.HearsBusy()
                        : new Treatment.ToQueue(
                                queueIds.get(rules.nextInt(queueIds.size())),
                                1 + rules.nextInt(10),
                                rules.nextBoolean() ? "sound:at-night" : "");
                var id = number + " " + order;
                some.add(new Rule(id, id, order, rules.nextBoolean(), rules.nextBoolean(), when, target));
            }
        }
        return some;
    }

    /** From some numbers, with the priority they have by themselves; and from one that leads nowhere else. */
    private List<Rule> rulesToOutside(Map<String, DialledNumber> numbers) {
        var rules = new ArrayList<>(List.of(ruleToOutside(FOR_OUTSIDE, 5)));
        new TreeMap<>(numbers)
                .values().stream()
                        .filter(number -> outside.nextInt(4) == 0)
                        .forEach(number -> rules.add(ruleToOutside(number.number(), number.priority())));
        return rules;
    }

    private Rule ruleToOutside(String dialled, int priority) {
        var then = new Treatment.ToQueue("", priority, outside.nextBoolean() ? "sound:sorry" : "");
        var target = new Treatment.ToNumber(numberOutside(), 1 + outside.nextInt(12), then);
        return rule(dialled, target);
    }

    private static Rule rule(String dialled, Treatment target) {
        var when =
                new Rule.When(new Rule.Numbers(Set.of(dialled), Set.of()), Rule.Numbers.ALL, Rule.Days.ALL, List.of());
        return new Rule("to-" + dialled, dialled, 1, true, false, when, target);
    }

    private static String number(int caller) {
        return "030" + caller;
    }

    private WrapUp wrapUp() {
        return chance(0.4)
                ? WrapUp.of(WrapUp.Mode.NONE, 5)
                : new WrapUp(
                        oneOf(List.of(WrapUp.Mode.values())),
                        between(0, 6),
                        between(1, 4),
                        between(6, 12),
                        chance(0.5) ? List.of() : List.of(Worker.CODE, "other"));
    }

    /** Mostly anybody may have the call in the end: a caller whom nobody may have waits until they give up. */
    private Steps steps() {
        if (chance(0.6)) {
            return Steps.ANYONE;
        }
        var steps = new ArrayList<Steps.Step>();
        boolean remembers = chance(0.4);
        steps.add(
                remembers
                        ? Steps.Step.forLastAgent(Duration.ZERO)
                        : new Steps.Step(Duration.ZERO, Map.of(oneOf(SKILLS), between(1, 10))));
        if (chance(0.5)) {
            steps.add(new Steps.Step(ms(500, 8_000), Map.of(oneOf(SKILLS), between(1, 5))));
        }
        if (remembers || chance(0.8)) {
            steps.add(new Steps.Step(ms(8_001, 15_000), Map.of()));
        }
        return new Steps(steps);
    }

    private Map<String, Integer> someSkills() {
        var skills = new TreeMap<String, Integer>();
        for (var skill : SKILLS) {
            if (chance(0.6)) {
                skills.put(skill, between(1, 10));
            }
        }
        return skills;
    }

    private List<String> someQueues() {
        var some = queueIds.stream().filter(queueId -> chance(0.6)).toList();
        return some.isEmpty() && chance(0.8) ? List.of(oneOf(queueIds)) : some;
    }

    private void sit() {
        double skilled = chance(0.5) ? 0.95 : 0.6;
        boolean restless = chance(0.3);
        boolean desktops = chance(0.5);
        for (var agentId : agentIds) {
            var seat = seats.get(agentId);
            world.box(seat.boxId()).seat(seat.endpoint(), () -> reaction(skilled));
            new Worker(world, agentId, seat, restless, desktops && chance(0.7));
        }
        boxIds.forEach(boxId -> world.box(boxId).otherSeats(this::reactionOutside));
    }

    private Reaction reaction(double skilled) {
        if (chance(skilled)) {
            return new Reaction.Answers(ms(100, 5_000), ms(500, 25_000));
        }
        return switch (between(0, 3)) {
            case 0 -> new Reaction.Unanswered();
            case 1 -> new Reaction.Busy();
            case 2 -> new Reaction.Declines(ms(100, 4_000));
            default -> new Reaction.NotRegistered();
        };
    }

    private Reaction reactionOutside() {
        return switch (outside.nextInt(8)) {
            case 0 -> new Reaction.Unanswered();
            case 1 -> new Reaction.Busy();
            case 2 -> new Reaction.Declines(Duration.ofMillis(100 + outside.nextInt(4_000)));
            case 3 -> new Reaction.NotRegistered();
            default -> new Reaction.Answers(
                    Duration.ofMillis(100 + outside.nextInt(6_000)), Duration.ofMillis(500 + outside.nextInt(20_000)));
        };
    }

    private void callersCome() {
        int callers = between(1, MOST_CALLERS);
        long last = healAt + between(5_000, 25_000);
        for (int i = 0; i < callers; i++) {
            var chosen = chance(0.04) ? NOT_IN_USE : (chance(0.7) ? "7-" : "8-") + oneOf(queueIds);
            var patience = chance(0.2) ? ms(50, 3_000) : ms(3_000, 50_000);
            var orOutside = callsGoOutside && outside.nextInt(8) == 0 ? FOR_OUTSIDE : chosen;
            var dialled = rulesAnnounce && announced.nextInt(6) == 0 ? FOR_ANNOUNCEMENT : orOutside;
            // Some call again.
            var number = number(chance(0.8) ? i : between(0, i));
            var caller = new Caller(number, "", dialled, patience, ms(500, 25_000));
            long at = random.nextLong(last);
            var boxId = oneOf(boxIds);
            var callId = world.arrive(boxId, caller, at);
            lastArrival = Math.max(lastArrival, at);
            if (callersMayLeave) {
                for (int presses = ways.nextInt(6) - 3; presses > 0; presses--) {
                    world.press(boxId, callId, digit(), at + ways.nextLong(30_000));
                }
            }
        }
    }

    // What goes wrong

    private Odds odds() {
        return new Odds(
                sometimes(0.2), sometimes(0.2), sometimes(0.2), between(100, 5_000), sometimes(0.03), sometimes(0.03));
    }

    private double sometimes(double most) {
        return chance(0.5) ? random.nextDouble() * most : 0;
    }

    private void storm() {
        often(8, () -> {
            var calls = List.copyOf(world.calls().keySet());
            if (!calls.isEmpty()) {
                world.crashCall(oneOf(calls), down());
            }
        });
        often(4, () -> world.crashAgent(oneOf(agentIds), down()));
        often(4, () -> world.crashSeat(seats.get(oneOf(agentIds)).seatId(), down()));
        often(4, () -> world.crashQueue(oneOf(queueIds), down()));
        if (callersMayLeave) {
            for (int times = ways.nextInt(3); times > 0; times--) {
                world.at(
                        ways.nextLong(healAt),
                        () -> world.crashQueue(OwnQueue.of(someAgent()), 10 + ways.nextInt(3_000)));
            }
        }
        often(2, () -> world.crashNode(between(0, world.setup().nodes() - 1), between(500, 6_000)));
        often(2, () -> world.crashTelephonyNode(oneOf(boxIds), down()));
        often(3, () -> world.loseLink(oneOf(boxIds), between(50, 10_000)));
        if (chance(0.3)) {
            often(1, () -> world.restartBox(oneOf(boxIds), between(500, 5_000)));
        }
    }

    private void often(int most, Runnable trouble) {
        if (chance(0.5)) {
            for (int times = between(1, most); times > 0; times--) {
                world.at(random.nextLong(healAt), trouble);
            }
        }
    }

    private long down() {
        return between(10, 3_000);
    }

    private void configurationChanges() {
        if (chance(0.3)) {
            for (int times = between(1, 3); times > 0; times--) {
                world.at(random.nextLong(healAt + 20_000), () -> world.configure(otherQueues(oneOf(agentIds))));
            }
        }
    }

    private void limitsChange() {
        if (callersMayLeave && ways.nextInt(3) == 0) {
            var queueId = queueIds.get(ways.nextInt(queueIds.size()));
            world.at(ways.nextLong(healAt + 20_000), () -> world.configure(otherLimits(queueId)));
        }
    }

    /** In half of the histories. Some for less than the grace, and also when all is healed; plugged in again each of them. */
    private void phonesAreUnplugged() {
        if (phones.nextBoolean()) {
            for (var seat : seats.values()) {
                long at = phones.nextLong(20_000);
                while (at < healAt + 30_000) {
                    long back = at + phones.nextLong(200, 15_000);
                    world.at(at, () -> world.plug(seat, false));
                    world.at(back, () -> world.plug(seat, true));
                    at = back + phones.nextLong(100, 30_000);
                }
            }
        }
    }

    private void levelsChange() {
        if (queuesLend && levels.nextInt(3) == 0) {
            var queueId = queueIds.get(levels.nextInt(queueIds.size()));
            var other = serviceLevel(queueId);
            world.at(
                    levels.nextLong(healAt + 20_000),
                    () -> world.configure(before -> with(
                            before, queueId, queue -> queue.with(queue.routing().with(other)))));
        }
    }

    /** As an operator does who wants it so at once. */
    private void rulesAreSwitched() {
        for (int times = rulesApply ? rules.nextInt(4) : 0; times > 0; times--) {
            int which = rules.nextInt(1_000);
            world.at(rules.nextLong(healAt + 20_000), () -> world.configure(before -> switched(before, which)));
        }
    }

    private static Directory switched(Directory before, int which) {
        var inbound = before.inbound();
        var all = new ArrayList<>(inbound.rules());
        if (all.isEmpty()) {
            return before;
        }
        int at = which % all.size();
        all.set(at, all.get(at).active(!all.get(at).active()));
        var switched = new InboundRules(inbound.zone(), all, inbound.calendars(), inbound.callers());
        return before.withInbound(switched);
    }

    /** Everything about how a queue finds agents, and what happens to them. */
    private void routingChanges() {
        for (int times = rules.nextInt(3) == 0 ? 1 + rules.nextInt(3) : 0; times > 0; times--) {
            var queueId = queueIds.get(rules.nextInt(queueIds.size()));
            var routing = routing(queueId);
            var handling = handling();
            world.at(
                    rules.nextLong(healAt + 20_000),
                    () -> world.configure(before ->
                            with(before, queueId, queue -> queue.with(routing).with(handling))));
        }
    }

    private UnaryOperator<Directory> otherQueues(String agentId) {
        var agent = agent(agentId);
        return before -> before.withAgent(agent);
    }

    private UnaryOperator<Directory> otherLimits(String queueId) {
        var limits = limits();
        var key = leaveKey();
        var announce = announce();
        return before -> with(before, queueId, queue -> {
            var waiting =
                    new Waiting(queue.waiting().musicClass(), queue.waiting().greeting(), limits, key, announce);
            return queue.with(waiting);
        });
    }

    private static Directory with(Directory before, String queueId, UnaryOperator<Directory.Queue> change) {
        var queue = before.queues().get(queueId);
        return queue == null ? before : before.withQueue(change.apply(queue));
    }

    // Chance

    private boolean chance(double p) {
        return random.nextDouble() < p;
    }

    private int between(int least, int most) {
        return random.nextInt(least, most + 1);
    }

    private Duration ms(int least, int most) {
        return Duration.ofMillis(between(least, most));
    }

    private <T> T oneOf(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    private static void fill(List<String> ids, String prefix, int count) {
        for (int i = 1; i <= count; i++) {
            ids.add(prefix + i);
        }
    }
}
