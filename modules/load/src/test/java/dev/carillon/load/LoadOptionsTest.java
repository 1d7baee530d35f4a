package dev.carillon.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoadOptionsTest {

    private final StringWriter said = new StringWriter();

    @Nested
    class Wrong {

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "--rate fast             | 'fast' is not a rate: say calls a second",
                    "--rate 0                | a rate is more than 0",
                    "--for 10                | '10' is not a length of time",
                    "--for 0s                | --for, --talk and --patience must be longer than nothing",
                    "--boxes 0               | at least one box and one queue",
                    "--agents 5              | with 10 boxes and 10 queues there must be at least 10 agents",
                    "--boxes many            | Invalid value for option '--boxes'",
                    "--rate 5000 --talk 1h   | choose a shorter --talk",
                    "--nonsense              | Unknown option: '--nonsense'",
                })
        void is_said_and_nothing_is_started(String options, String message) {
            assertThat(execute(options.split(" ", -1))).isEqualTo(2);
            assertThat(said.toString()).contains(message).endsWith(". See scripts/load --help.\n");
        }
    }

    @Test
    void help_names_every_option_and_its_default() {
        assertThat(execute("--help")).isZero();
        assertThat(said.toString())
                .contains(
                        "--rate=RATE", "(50)", "--for=DURATION", "(1m)", "--talk", "--patience", "--agents", "--report")
                .contains("Exit codes");
    }

    @Test
    void without_any_a_small_centre_has_callers_for_a_minute() {
        var plan = plan("--data", "/tmp/x/load");

        assertThat(plan.traffic().rate()).isEqualTo(new Rate(50, 50));
        assertThat(plan.traffic().forMillis()).isEqualTo(60_000);
        assertThat(plan.traffic().centre()).isEqualTo(new Centre(10, 10, 1_200));
        assertThat(plan.limitLength()).isEqualTo(Duration.ofSeconds(5));
        assertThat(plan.fresh()).isTrue();
        assertThat(plan.report().getParent()).isEqualTo(Path.of("/tmp/x/load-report"));
    }

    @Test
    void each_is_heeded() {
        var plan = plan(
                "--rate",
                "50..600",
                "--for",
                "10m",
                "--boxes",
                "20",
                "--queues",
                "30",
                "--agents",
                "20000",
                "--talk",
                "3s",
                "--patience",
                "20s",
                "--seed",
                "9",
                "--limit-for",
                "0s",
                "--data",
                "d",
                "--keep",
                "--report",
                "r");

        assertThat(plan.traffic())
                .isEqualTo(new Traffic(
                        new Centre(20, 30, 20_000), new Rate(50, 600), 600_000, 3_000, 20_000, 9, Traffic.Calm.NONE));
        assertThat(plan.limitLength()).isZero();
        assertThat(plan.data()).isEqualTo(Path.of("d"));
        assertThat(plan.report()).isEqualTo(Path.of("r"));
        assertThat(plan.fresh()).isFalse();
    }

    @Test
    void an_overload_is_offered_and_then_half_of_what_is_carried() {
        var traffic = plan("--rate", "300", "--overload", "1.5").traffic();

        assertThat(traffic.rate()).isEqualTo(new Rate(450, 450));
        assertThat(traffic.calm()).isEqualTo(new Traffic.Calm(150, 60_000));
    }

    @Test
    void an_overload_is_more_than_is_carried() {
        assertThat(execute("--rate", "300", "--overload", "1")).isEqualTo(2);
        assertThat(said.toString()).contains("--overload takes more than 1");
    }

    private int execute(String... options) {
        var writer = new PrintWriter(said, true);
        return Load.commandLine(new Load()).setOut(writer).setErr(writer).execute(options);
    }

    private static Load.Plan plan(String... options) {
        var load = new Load();
        Load.commandLine(load).parseArgs(options);
        return load.plan();
    }
}
