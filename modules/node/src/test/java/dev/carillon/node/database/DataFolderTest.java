package dev.carillon.node.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.node.StartupFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {

    @TempDir
    Path temp;

    @Test
    void two_nodes_never_share_one() {
        try (var held = DataFolder.hold(temp.resolve("data"))) {
            assertThatThrownBy(() -> DataFolder.hold(held.path()))
                    .isInstanceOf(StartupFailure.class)
                    .hasMessageContaining("process " + ProcessHandle.current().pid())
                    .hasMessageContaining("--data");
        }
    }

    @Test
    void is_free_again_after_its_node() {
        DataFolder.hold(temp.resolve("data")).close();

        try (var again = DataFolder.hold(temp.resolve("data"))) {
            assertThat(again.path()).isEqualTo(temp.resolve("data"));
        }
    }

    @Test
    void a_place_that_cannot_be_a_folder_is_said_plainly() throws Exception {
        var file = Files.writeString(temp.resolve("file"), "");

        assertThatThrownBy(() -> DataFolder.hold(file.resolve("data")))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining("cannot be written");
    }
}
