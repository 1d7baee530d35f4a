package dev.carillon.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.Scenario;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.queue.QueueCommand.AgentStatus;
import dev.carillon.protocol.queue.QueueCommand.Enqueue;
import dev.carillon.protocol.queue.QueueCommand.OfferAccepted;
import dev.carillon.protocol.queue.QueueCommand.Presence;
import dev.carillon.protocol.queue.QueueCommand.Today;
import dev.carillon.protocol.queue.QueueEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TimeToOfferTest {

    private final Scenario<QueueCommand, QueueEvent, QueueState> sales =
            new Scenario<>(new QueueDecider(), "sales", Scenario.directory());

    @Test
    void of_a_call_that_waited_begins_when_the_agent_is_free() {
        sales.given(enqueue(sales.now())).pass(Duration.ofSeconds(3));
        var free = sales.now();
        sales.pass(Duration.ofMillis(4)).given(ready("ann", free)).pass(Duration.ofMillis(6));
        sales.given(reserved("id1", "ann"));

        assertThat(rings("id1")).contains(Duration.ofMillis(10));
    }

    @Test
    void of_an_agent_who_was_free_begins_when_the_call_waits() {
        sales.given(ready("ann", sales.now())).pass(Duration.ofMinutes(1));
        var came = sales.now();
        sales.pass(Duration.ofMillis(5)).given(enqueue(came)).pass(Duration.ofMillis(2));
        sales.given(reserved("id1", "ann"));

        assertThat(rings("id1")).contains(Duration.ofMillis(7));
    }

    @Test
    void does_not_count_what_an_agent_who_refused_took() {
        sales.given(ready("ann", sales.now())).given(enqueue(sales.now())).pass(Duration.ofSeconds(20));
        sales.given(new QueueCommand.Refused("id1", "c1", "ann", 2));
        sales.given(ready("bob", sales.now().minusSeconds(100))).pass(Duration.ofMillis(3));
        sales.given(reserved("id2", "bob"));

        assertThat(rings("id2")).contains(Duration.ofMillis(3));
    }

    @Test
    void is_counted_once() {
        sales.given(ready("ann", sales.now())).given(enqueue(sales.now())).given(reserved("id1", "ann"));
        assertThat(rings("id1")).isPresent();

        sales.given(new OfferAccepted("c1", "id1", 1));

        assertThat(rings("id1")).isEmpty();
    }

    @Test
    void is_not_known_of_what_the_queue_has_not_asked_for() {
        sales.given(enqueue(sales.now()));

        assertThat(rings("elsewhere")).isEmpty();
        assertThat(sales.state().timeToOffer(new OfferAccepted("nobody", "id1", 1), sales.now()))
                .isEmpty();
    }

    private Optional<Duration> rings(String offerId) {
        return sales.state().timeToOffer(new OfferAccepted("c1", offerId, 1), sales.now());
    }

    private static Enqueue enqueue(Instant since) {
        return new Enqueue("c1", "box1", 5, since, "", 0);
    }

    private static AgentStatus ready(String agentId, Instant since) {
        return new AgentStatus(agentId, 1, Presence.READY, since, "box1", Today.NONE);
    }

    private static QueueCommand.Reserved reserved(String offerId, String agentId) {
        return new QueueCommand.Reserved(offerId, "c1", agentId, new Seat("seat", "box1", "PJSIP/1"), 2);
    }
}
