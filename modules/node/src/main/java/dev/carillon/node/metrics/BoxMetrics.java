package dev.carillon.node.metrics;

import dev.carillon.protocol.view.View;
import dev.carillon.telephony.BoxDisplay;
import dev.carillon.telephony.BoxMeter;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import kamon.Kamon;
import kamon.metric.Counter;
import kamon.metric.Gauge;
import kamon.metric.Metric;
import kamon.metric.Timer;
import kamon.tag.TagSet;

/** The boxes whose connections this node keeps. A box has all its figures as soon as it is shown. */
public final class BoxMetrics implements BoxMeter, BoxDisplay {

    private static final Metric.Gauge STATES =
            Kamon.gauge("carillon.box.state", "1 for the state that the connection to the box is in, 0 for the others");
    private static final Metric.Gauge CALLS = Kamon.gauge("carillon.box.calls", "Calls on the box");
    private static final Metric.Timer ANSWERS =
            Kamon.timer("carillon.box.answer", "From a request to a box until its answer");
    private static final Metric.Counter UNANSWERED =
            Kamon.counter("carillon.box.unanswered", "Requests that a box did not answer in time, or not at all");
    private static final Metric.Counter PASSED_OVER =
            Kamon.counter("carillon.box.passed-over", "Messages of a box that could not be understood or handled");

    private record OfBox(
            Map<View.BoxPhase, Gauge> states, Gauge calls, Timer answers, Counter unanswered, Counter passedOver) {

        static OfBox of(String boxId) {
            var states = new ConcurrentHashMap<View.BoxPhase, Gauge>();
            for (var phase : View.BoxPhase.values()) {
                states.put(
                        phase,
                        STATES.withTags(TagSet.builder()
                                .add("box", boxId)
                                .add("state", phase.name().toLowerCase(Locale.ROOT))
                                .build()));
            }
            return new OfBox(
                    states,
                    CALLS.withTag("box", boxId),
                    ANSWERS.withTag("box", boxId),
                    UNANSWERED.withTag("box", boxId),
                    PASSED_OVER.withTag("box", boxId));
        }
    }

    private final Latencies answers = new Latencies();
    private final BoxDisplay next;
    private final Map<String, OfBox> boxes = new ConcurrentHashMap<>();

    /** @param next is told all the same */
    public BoxMetrics(BoxDisplay next) {
        this.next = next;
    }

    private OfBox box(String boxId) {
        return boxes.computeIfAbsent(boxId, OfBox::of);
    }

    @Override
    public void show(View.OfBox view) {
        var box = box(view.id());
        box.states().forEach((phase, gauge) -> gauge.update(phase == view.phase() ? 1 : 0));
        box.calls().update(view.calls());
        next.show(view);
    }

    /** Another node says it from now on: here it is in no state. */
    @Override
    public void hide(String boxId) {
        var box = box(boxId);
        box.states().values().forEach(gauge -> gauge.update(0));
        box.calls().update(0);
        next.hide(boxId);
    }

    /** Of all boxes together, for people. */
    public Latencies answers() {
        return answers;
    }

    @Override
    public void answered(String boxId, Duration took) {
        box(boxId).answers().record(took);
        answers.took(took.toNanos());
    }

    @Override
    public void unanswered(String boxId) {
        box(boxId).unanswered().increment();
    }

    @Override
    public void passedOver(String boxId) {
        box(boxId).passedOver().increment();
    }
}
