package dev.carillon.api;

import dev.carillon.cluster.LiveView;
import dev.carillon.core.OwnQueue;
import dev.carillon.core.inbound.InboundRules;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.box.BoxSettings;
import dev.carillon.protocol.view.View;
import dev.carillon.protocol.view.View.AgentPhase;
import dev.carillon.store.Configuration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What is configured and how it stands, put together. What was deleted while it is still in use is shown too, without settings: a
 * queue that still has calls must not vanish from sight.
 */
final class Overview {

    private final LiveView live;
    private final Configuration configuration;

    Overview(LiveView live, Configuration configuration) {
        this.live = live;
        this.configuration = configuration;
    }

    List<AgentBody> agents() {
        return together(
                configuration.directory().agents(),
                live.agents(),
                view -> view.phase() != AgentPhase.LOGGED_OUT,
                (id, view) -> of(id, view));
    }

    List<QueueBody> queues() {
        return together(
                configuration.directory().queues(),
                live.queues(),
                view -> view.waiting() > 0,
                (id, view) -> of(id, view));
    }

    List<BoxBody> boxes() {
        var configured =
                configuration.boxes().stream().collect(Collectors.toMap(BoxSettings::boxId, Function.identity()));
        return together(configured, live.boxes(), view -> view.calls() > 0, (id, view) -> of(id, view));
    }

    List<SeatBody> seats() {
        var holders = live.agents().stream()
                .filter(Overview::isSeated)
                .collect(Collectors.toMap(View.OfAgent::seatId, View.OfAgent::id, (one, other) -> one));
        return configuration.seats().stream()
                .sorted(Comparator.comparing(Seat::seatId))
                .map(seat -> of(seat, holders.get(seat.seatId())))
                .toList();
    }

    List<NumberBody> numbers() {
        return configuration.directory().numbers().values().stream()
                .map(NumberBody::of)
                .sorted(Comparator.comparing(NumberBody::number))
                .toList();
    }

    /** In the order in which they are looked at. */
    List<InboundRuleBody> inboundRules() {
        return inbound().rules().stream().map(InboundRuleBody::of).toList();
    }

    List<CalendarBody> calendars() {
        return inbound().calendars().values().stream()
                .map(CalendarBody::of)
                .sorted(Comparator.comparing(CalendarBody::id))
                .toList();
    }

    List<ListedCallerBody> callers() {
        return inbound().callers().values().stream()
                .map(ListedCallerBody::of)
                .sorted(Comparator.comparing(ListedCallerBody::number))
                .toList();
    }

    /** In the order in which people are to see them. */
    List<NotReadyReasonBody> notReadyReasons() {
        return configuration.directory().notReadyReasons().inOrder().stream()
                .map(NotReadyReasonBody::of)
                .toList();
    }

    Optional<NotReadyReasonBody> notReadyReason(String code) {
        return Optional.ofNullable(
                        configuration.directory().notReadyReasons().listed().get(code))
                .map(NotReadyReasonBody::of);
    }

    List<CallBody> calls() {
        return live.calls().stream()
                .filter(view -> !view.gone())
                .sorted(Comparator.comparing(View.OfCall::arrivedAt).thenComparing(View.OfCall::id))
                .map(CallBody::of)
                .toList();
    }

    Optional<AgentBody> agent(String id) {
        var view = live.agent(id).orElse(null);
        var shown = configuration.directory().agents().containsKey(id)
                || (view != null && view.phase() != AgentPhase.LOGGED_OUT);
        return shown ? Optional.of(of(id, view)) : Optional.empty();
    }

    Optional<QueueBody> queue(String id) {
        var view = live.queue(id).orElse(null);
        var shown = configuration.directory().queues().containsKey(id)
                || isOwnQueue(id)
                || (view != null && view.waiting() > 0);
        return shown ? Optional.of(of(id, view)) : Optional.empty();
    }

    /** There for every agent, and in no list while nobody waits in it. */
    private boolean isOwnQueue(String id) {
        return OwnQueue.is(id) && configuration.directory().agents().containsKey(OwnQueue.agentOf(id));
    }

    Optional<BoxBody> box(String id) {
        var view = live.box(id).orElse(null);
        var shown = settingsOfBox(id).isPresent() || (view != null && view.calls() > 0);
        return shown ? Optional.of(of(id, view)) : Optional.empty();
    }

    Optional<SeatBody> seat(String id) {
        return configuredSeat(id).map(seat -> of(seat, holderOf(id).orElse(null)));
    }

    Optional<NumberBody> number(String number) {
        return configuration.directory().number(number).map(NumberBody::of);
    }

    Optional<InboundRuleBody> inboundRule(String id) {
        return inbound().rules().stream()
                .filter(rule -> rule.id().equals(id))
                .map(InboundRuleBody::of)
                .findFirst();
    }

    Optional<CalendarBody> calendar(String id) {
        return Optional.ofNullable(inbound().calendars().get(id)).map(CalendarBody::of);
    }

    Optional<ListedCallerBody> caller(String number) {
        return Optional.ofNullable(inbound().callers().get(number)).map(ListedCallerBody::of);
    }

    private InboundRules inbound() {
        return configuration.directory().inbound();
    }

    Optional<CallBody> call(String id) {
        return live.call(id).filter(view -> !view.gone()).map(CallBody::of);
    }

    Optional<Seat> configuredSeat(String id) {
        return configuration.seats().stream()
                .filter(seat -> seat.seatId().equals(id))
                .findFirst();
    }

    Optional<BoxSettings> settingsOfBox(String id) {
        return configuration.boxes().stream()
                .filter(box -> box.boxId().equals(id))
                .findFirst();
    }

    /** The agent who is logged in at a seat. */
    Optional<String> holderOf(String seatId) {
        return live.agents().stream()
                .filter(view -> isSeated(view) && view.seatId().equals(seatId))
                .map(View.OfAgent::id)
                .findFirst();
    }

    AgentBody of(String id, View.OfAgent view) {
        return AgentBody.of(id, configuration.directory().agents().get(id), view);
    }

    QueueBody of(String id, View.OfQueue view) {
        return QueueBody.of(id, configuration.directory().queues().get(id), view);
    }

    BoxBody of(String id, View.OfBox view) {
        return BoxBody.of(id, settingsOfBox(id).orElse(null), view);
    }

    private SeatBody of(Seat seat, String agentId) {
        return SeatBody.of(
                seat,
                agentId,
                live.seat(seat.seatId()).orElse(null),
                live.box(seat.boxId()).orElse(null));
    }

    private static boolean isSeated(View.OfAgent view) {
        return view.phase() != AgentPhase.LOGGED_OUT && view.seatId() != null;
    }

    private static <S, V extends View, B> List<B> together(
            Map<String, S> configured, List<V> views, Function<V, Boolean> inUse, BiFunction<String, V, B> body) {
        var byId = new TreeMap<String, V>();
        for (var view : views) {
            if (configured.containsKey(view.id()) || inUse.apply(view)) {
                byId.put(view.id(), view);
            }
        }
        configured.keySet().forEach(id -> byId.putIfAbsent(id, null));
        return byId.entrySet().stream()
                .map(entry -> body.apply(entry.getKey(), entry.getValue()))
                .toList();
    }
}
