package dev.carillon.node;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.pubsub.Topic;
import com.typesafe.config.ConfigFactory;
import dev.carillon.core.Directory;
import dev.carillon.core.agent.Handling;
import dev.carillon.core.queue.Waiting;
import dev.carillon.core.routing.Routing;
import dev.carillon.store.Database;
import dev.carillon.store.JdbcConfigurationStore;
import dev.carillon.testkit.EmbeddedDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("servers")
class ConfigurationNewsTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final ActorTestKit kit = ActorTestKit.create(
            "news",
            ConfigFactory.parseString("akka.actor.provider = local").withFallback(ConfigFactory.defaultReference()));
    private final TestProbe<ConfigurationNews.Message> elsewhere = kit.createTestProbe();
    private final AtomicInteger failures = new AtomicInteger();
    private final Database pool = open();
    private int changes;

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
        pool.close();
    }

    @Test
    void a_change_is_told_once_however_often_the_teller_was_started_again() throws Exception {
        var store = new JdbcConfigurationStore(pool);
        var configuration = new LiveConfiguration(store, store.load(), this::runUnlessFailing);
        failures.set(3);
        kit.spawn(Behaviors.supervise(ConfigurationNews.create(configuration, Duration.ofMillis(20)))
                .onFailure(SupervisorStrategy.restart()));
        elsewhere.awaitAssert(LIMIT, () -> {
            assertThat(failures).hasNonPositiveValue();
            return null;
        });
        var topic = kit.spawn(Topic.create(ConfigurationNews.Message.class, "configuration"));
        topic.tell(Topic.subscribe(elsewhere.ref()));
        elsewhere.awaitAssert(LIMIT, () -> {
            change(configuration);
            return elsewhere.receiveMessage(Duration.ofMillis(100));
        });

        var first = new ConfigurationNews.Changed(change(configuration));
        var second = new ConfigurationNews.Changed(change(configuration));

        List<ConfigurationNews.Message> told = new ArrayList<>();
        while (!told.contains(second)) {
            told.add(elsewhere.receiveMessage(LIMIT));
        }
        assertThat(told).containsOnlyOnce(first);
    }

    /** @return the version it made */
    private long change(LiveConfiguration configuration) throws Exception {
        var queue = new Directory.Queue(
                "sales",
                "Sales " + ++changes,
                Routing.by(Directory.Strategy.LONGEST_IDLE),
                new Handling(15, 5),
                Waiting.PLAIN);
        configuration
                .change(store -> {
                    store.putQueue(queue);
                    return null;
                })
                .toCompletableFuture()
                .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        return configuration.current().version();
    }

    private void runUnlessFailing(Runnable task) {
        if (failures.getAndDecrement() > 0) {
            throw new IllegalStateException("no thread is free");
        }
        task.run();
    }

    private static Database open() {
        var database = EmbeddedDatabase.fresh();
        return Database.open(new Database.Settings(database.url(), database.user(), database.password()))
                .migrate();
    }
}
