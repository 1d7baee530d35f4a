package dev.carillon.acceptance;

import static dev.carillon.acceptance.lab.Waiting.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.acceptance.lab.AsteriskBox;
import dev.carillon.acceptance.lab.Folders;
import dev.carillon.acceptance.lab.Report;
import dev.carillon.acceptance.lab.RequiresAsterisk;
import dev.carillon.acceptance.sip.Callers;
import dev.carillon.acceptance.sip.Phone;
import dev.carillon.acceptance.sip.SipCall;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** No Carillon at all: the box holds the callers by itself, and its emergency queue serves them. Nobody is dropped. */
@RequiresAsterisk
class CarillonAwayTest {

    private final Path folder = Folders.forTest(CarillonAwayTest.class);
    private final Report report = new Report(folder, "Nobody answers for Carillon");
    private AsteriskBox box;

    @BeforeEach
    void start() {
        box = AsteriskBox.start(folder, "--seats", "1001-1002", "--set", "GRACE=2", "--set", "RETRY=1");
    }

    @AfterEach
    void stop() {
        report.print();
        box.close();
    }

    @Test
    void callersReachThePhonesOfTheEmergencyQueue() {
        try (var first = Phone.at(box, folder, "1001").answers(Duration.ofMillis(300), Duration.ofSeconds(2));
                var second = Phone.at(box, folder, "1002").isBusy();
                var callers = Callers.call(
                        box,
                        folder,
                        "callers",
                        "100",
                        List.of("4930001", "4930002"),
                        Duration.ofMillis(1_500),
                        Callers.FOR_EVER)) {
            eventually("both callers hear music", Duration.ofSeconds(20), () -> assertThat(callers.calls())
                    .hasSize(2)
                    .allSatisfy(call -> assertThat(call.answeredAt()).isPresent()));

            var seen = callers.finished(Duration.ofSeconds(60));

            assertThat(seen).allSatisfy(call -> {
                assertThat(call.hungUpThere()).isTrue();
                assertThat(call.hungUpHere()).isFalse();
            });
            assertThat(first.calls().stream().filter(call -> call.answeredAt().isPresent()))
                    .extracting(SipCall::number)
                    .as("whom the phone that answers was shown, in this order")
                    .containsExactly("4930001", "4930002");
            assertThat(second.calls())
                    .allSatisfy(call -> assertThat(call.refusal()).contains(486));
            for (var call : seen) {
                report.say(
                        "%s was answered by the box after %d ms and hung up on after %d ms",
                        call.number(),
                        Duration.between(call.invitedAt(), call.answeredAt().orElseThrow())
                                .toMillis(),
                        Duration.between(call.invitedAt(), call.hungUpAt().orElseThrow())
                                .toMillis());
            }
            report.say(
                    "the phone that answers talked %d times, the busy one was tried %d times",
                    first.calls().size(), second.calls().size());
        }
    }
}
