package dev.carillon.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.core.Directory;
import dev.carillon.core.agent.Handling;
import dev.carillon.core.queue.Waiting;
import dev.carillon.core.routing.Routing;
import dev.carillon.protocol.box.BoxSettings;
import dev.carillon.store.ConfigurationStore;
import dev.carillon.store.Database;
import dev.carillon.store.JdbcConfigurationStore;
import dev.carillon.testkit.EmbeddedDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two nodes on one database; what is done on threads of their own in a node is done at once here. */
@Tag("servers")
class LiveConfigurationTest {

    private static final Directory.Queue SALES = new Directory.Queue(
            "sales", "Sales", Routing.by(Directory.Strategy.LONGEST_IDLE), new Handling(15, 5), Waiting.PLAIN);
    private static final BoxSettings BOX = new BoxSettings("demo", "simulated", "none", "", "");

    private final EmbeddedDatabase database = EmbeddedDatabase.fresh();
    private Database pool;
    private LiveConfiguration here;
    private LiveConfiguration there;

    @BeforeEach
    void start() {
        pool = Database.open(new Database.Settings(database.url(), database.user(), database.password()))
                .migrate();
        var store = new JdbcConfigurationStore(pool);
        here = new LiveConfiguration(store, store.load(), Runnable::run);
        there = new LiveConfiguration(store, store.load(), Runnable::run);
    }

    @AfterEach
    void stop() {
        database.open();
        pool.close();
    }

    @Test
    void a_change_is_in_force_here_when_it_is_answered() throws Exception {
        change(store -> store.putQueue(SALES));

        assertThat(here.directory().get().queues()).containsEntry("sales", SALES);
        assertThat(here.current().directory()).isEqualTo(here.directory().get());
    }

    @Test
    void other_nodes_are_told_the_new_version_and_read_it() throws Exception {
        var told = new ArrayList<Long>();
        var forget = here.onChangeMadeHere(told::add);
        var before = there.current().version();

        change(store -> store.putQueue(SALES));

        assertThat(told).containsExactly(here.current().version());
        assertThat(there.current().version()).isEqualTo(before);
        there.catchUp();
        assertThat(there.directory().get().queues()).containsEntry("sales", SALES);

        forget.run();
        change(store -> store.deleteQueue("sales"));
        assertThat(told).hasSize(1);
    }

    @Test
    void telephony_is_told_of_boxes_that_come_change_and_go_and_of_no_others() throws Exception {
        var told = new ArrayList<String>();
        here.onBoxChange(told::add);

        change(store -> store.putBox(BOX));
        change(store -> store.putQueue(SALES));
        change(store ->
                store.putBox(new BoxSettings("demo", "asterisk", "http://127.0.0.1:8088", "carillon", "secret")));
        change(store -> store.deleteBox("demo"));

        assertThat(told).isEqualTo(List.of("demo", "demo", "demo"));
        assertThat(here.box("demo")).isEmpty();
    }

    @Test
    void what_the_store_refuses_changes_nothing() {
        var before = here.current();

        assertThatThrownBy(() ->
                        change(store -> store.putAgent(new Directory.Agent("anna", "Anna", List.of("no-such-queue")))))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(ConfigurationStore.Refused.class);
        assertThat(here.current()).isEqualTo(before);
    }

    @Test
    void goes_on_by_what_it_has_while_the_database_is_away_and_says_so() throws Exception {
        change(store -> store.putQueue(SALES));
        database.shut();

        here.catchUp();

        assertThat(here.trouble())
                .hasValueSatisfying(trouble -> assertThat(trouble).contains("going on by version"));
        assertThat(here.directory().get().queues()).containsEntry("sales", SALES);
        database.open();
        // The pool finds its dead connections one by one.
        for (int connection = 0; connection <= Database.Settings.USUAL_CONNECTIONS; connection++) {
            here.catchUp();
        }
        assertThat(here.trouble()).isEmpty();
    }

    private void change(Consumer<ConfigurationStore> change) throws Exception {
        here.change(store -> {
                    change.accept(store);
                    return null;
                })
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }
}
