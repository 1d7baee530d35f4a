package dev.carillon.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessWatchTest {

    @Test
    void a_line_of_the_kernel_is_read_whatever_the_process_is_called() {
        var line = "4711 (a) (strange) name) S 42 4711 4711 0 -1 4194560 1 2 3 4 150 50 30 20 20 0 9 0 100 0 0\n";

        assertThat(ProcessWatch.Stat.parse(line)).isEqualTo(new ProcessWatch.Stat(42, 200, 50));
    }

    @Test
    void this_process_uses_the_machine() {
        var watch = new ProcessWatch();
        watch.watch("this", ProcessHandle.current().pid());

        var usage = watch.look().get("this");

        assertThat(usage.cpuSeconds()).isPositive();
        assertThat(usage.residentBytes()).isGreaterThan(1 << 20);
    }

    @Test
    void a_process_that_has_ended_uses_nothing() {
        var watch = new ProcessWatch();
        watch.watch("gone", Integer.MAX_VALUE);

        assertThat(watch.look().get("gone")).isEqualTo(new ProcessWatch.Usage(0, 0));
    }
}
