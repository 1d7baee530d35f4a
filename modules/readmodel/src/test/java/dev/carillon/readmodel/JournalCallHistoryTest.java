package dev.carillon.readmodel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.call.CallEvent;
import dev.carillon.store.Database;
import dev.carillon.testkit.EmbeddedDatabase;
import dev.carillon.testkit.Eventually;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JournalCallHistoryTest {

    private Journal journal;

    @BeforeAll
    void start() {
        var server = EmbeddedDatabase.fresh();
        Database.open(new Database.Settings(server.url(), server.user(), server.password(), 1))
                .migrate()
                .close();
        journal = Journal.start(server, "");
    }

    @AfterAll
    void stop() {
        journal.close();
    }

    private List<CallEvent> history(String callId) throws Exception {
        return new JournalCallHistory(journal.system())
                .of(callId)
                .toCompletableFuture()
                .get(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void is_everything_that_was_written_of_the_call_in_its_order() throws Exception {
        journal.write("a", Calls.arrived("a"), Calls.queued("sales"));
        journal.write("b", Calls.arrived("b"));
        journal.write("a", Calls.ended("a"));

        assertThat(history("a")).containsExactly(Calls.arrived("a"), Calls.queued("sales"), Calls.ended("a"));
    }

    @Test
    void of_an_unknown_call_is_empty_whatever_it_is_called() throws Exception {
        assertThat(history("nobody")).isEmpty();
        assertThat(history("")).isEmpty();
        assertThat(history("a|b")).isEmpty();
    }
}
