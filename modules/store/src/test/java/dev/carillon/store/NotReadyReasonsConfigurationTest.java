package dev.carillon.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.core.agent.NotReadyReason;
import dev.carillon.store.ConfigurationStore.Refused;
import dev.carillon.testkit.EmbeddedDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The operator's list of reasons not to be ready, in the table and in a seed file. */
class NotReadyReasonsConfigurationTest {

    private static final NotReadyReason COACHING = new NotReadyReason("coaching", "Coaching", true, true, 15);

    @TempDir
    Path folder;

    private Database database;
    private JdbcConfigurationStore store;

    @BeforeEach
    void open() {
        database = DatabaseTest.open(EmbeddedDatabase.fresh()).migrate();
        store = new JdbcConfigurationStore(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aFreshInstallationHasTheUsualOnes() {
        store.addStandardReasons();

        assertThat(codes()).containsExactly("break", "lunch", "meeting", "training", "back-office", "personal");
        assertThat(listed().stream().filter(reason -> !reason.paid()).map(NotReadyReason::code))
                .containsExactly("lunch", "personal");
    }

    @Test
    void whatAnOperatorHasDeletedOrChangedStaysSoThroughEveryStart() {
        store.addStandardReasons();
        store.putNotReadyReason(new NotReadyReason("break", "Pause", true, false, 99));
        List.of("lunch", "meeting", "training", "back-office", "personal").forEach(store::deleteNotReadyReason);
        store.addStandardReasons();
        assertThat(listed()).containsExactly(new NotReadyReason("break", "Pause", true, false, 99));

        store.deleteNotReadyReason("break");
        store.addStandardReasons();
        assertThat(codes()).as("an empty list is meant").isEmpty();
    }

    @Test
    void aListInTheSeedTakesThePlaceOfTheUsualOnes() throws IOException {
        var seed = Files.writeString(
                folder.resolve("seed.yaml"),
                """
                not-ready-reasons:
                  - { code: coaching, name: Coaching, paid: true, order: 15 }
                  - { code: wc }
                """);
        ConfigurationSeed.read(seed).applyTo(store);
        store.addStandardReasons();

        assertThat(listed()).containsExactly(COACHING, new NotReadyReason("wc", "wc", false, true, 100));
    }

    @Test
    void isStoredReplacedAndDeleted() {
        store.putNotReadyReason(COACHING);
        var version = store.version();
        store.putNotReadyReason(COACHING);
        assertThat(store.version()).as("the same again is no change").isEqualTo(version);

        store.putNotReadyReason(new NotReadyReason("coaching", "Coaching", true, false, 15));
        assertThat(listed().get(0).active()).isFalse();
        assertThat(store.deleteNotReadyReason("coaching")).isTrue();
        assertThat(store.deleteNotReadyReason("coaching")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "login",
                "refused",
                "busy",
                "no-answer",
                "unreachable",
                "desktop-lost",
                "seat-unreachable",
                "ready",
                "Lunch",
                ""
            })
    void aCodeThatCarillonGivesByItselfOrOfAnotherFormIsRefused(String code) {
        assertThatThrownBy(() -> store.putNotReadyReason(new NotReadyReason(code, "Name", true, true, 1)))
                .isInstanceOf(Refused.class);
    }

    private List<NotReadyReason> listed() {
        return store.load().directory().notReadyReasons().inOrder();
    }

    private List<String> codes() {
        return listed().stream().map(NotReadyReason::code).toList();
    }
}
