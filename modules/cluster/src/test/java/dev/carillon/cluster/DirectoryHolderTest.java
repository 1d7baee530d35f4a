package dev.carillon.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.Directory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DirectoryHolderTest {

    @Test
    void listenersAreToldOnceTheNewConfigurationHoldsAndOnlyWhenItConcernsAnybody() {
        var holder = new DirectoryHolder(agents("anna", "ben"));
        var told = new ArrayList<String>();
        holder.onChange(change ->
                told.add(change.agents() + " of " + holder.get().agents().size()));

        holder.swap(agents("anna", "ben"));
        holder.swap(agents("anna"));

        assertThat(told).containsExactly("[ben] of 1");
    }

    private static Directory agents(String... ids) {
        return new Directory(
                Map.of(),
                Stream.of(ids).collect(Collectors.toMap(id -> id, id -> new Directory.Agent(id, id, List.of()))),
                Map.of(),
                Map.of());
    }
}
