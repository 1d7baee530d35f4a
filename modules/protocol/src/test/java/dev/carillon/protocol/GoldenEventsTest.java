package dev.carillon.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import dev.carillon.protocol.agent.AgentEvent;
import dev.carillon.protocol.agent.AgentSnapshot;
import dev.carillon.protocol.call.CallEvent;
import dev.carillon.protocol.queue.QueueEvent;
import dev.carillon.protocol.queue.QueueSnapshot;
import dev.carillon.protocol.seat.SeatEvent;
import dev.carillon.protocol.seat.SeatSnapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Journals of years ago must load. For every kind of event there is a file as it was written when the kind was new, and what it
 * says in words. These files are never changed: a test that fails here says that the past can no longer be read.
 *
 * <p>A new kind gets its files by running this test with {@code -Dgolden.write=true}, which adds what is missing.
 */
class GoldenEventsTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final Path ENUMS = GOLDEN.resolve("enums.txt");

    /** Stored with every event as the name of its class. */
    private static final Map<String, Message> STORED = Stream.<Message>of(
                    CallEvent.getDefaultInstance(),
                    AgentEvent.getDefaultInstance(),
                    QueueEvent.getDefaultInstance(),
                    SeatEvent.getDefaultInstance(),
                    AgentSnapshot.getDefaultInstance(),
                    QueueSnapshot.getDefaultInstance(),
                    SeatSnapshot.getDefaultInstance())
            .collect(Collectors.toMap(message -> message.getClass().getName(), Function.identity()));

    @BeforeAll
    static void addWhatIsMissing() throws IOException {
        if (!Boolean.getBoolean("golden.write")) {
            return;
        }
        Files.createDirectories(GOLDEN);
        for (var sample : samples().entrySet()) {
            var file = GOLDEN.resolve(sample.getKey() + ".binpb");
            if (!Files.exists(file)) {
                Files.write(file, sample.getValue().toByteArray());
                Files.writeString(words(file), TextFormat.printer().printToString(sample.getValue()));
            }
        }
        var enums = new TreeSet<>(Files.exists(ENUMS) ? Files.readAllLines(ENUMS) : List.<String>of());
        enums.addAll(enumValues());
        Files.write(ENUMS, enums);
    }

    @Test
    void everyKindOfEventHasItsFile() throws IOException {
        assertThat(goldenNames())
                .as("a new kind of event gets its golden files with -Dgolden.write=true")
                .containsAll(samples().keySet());
    }

    @TestFactory
    Stream<DynamicTest> aStoredEventStillSaysWhatItSaid() throws IOException {
        return goldenNames().stream()
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    var file = GOLDEN.resolve(name + ".binpb");
                    var type = STORED.get(name.substring(0, name.indexOf('-') < 0 ? name.length() : name.indexOf('-')));
                    assertThat(type)
                            .as("a class of this name is what the journal has")
                            .isNotNull();

                    var event = type.getParserForType().parseFrom(Files.readAllBytes(file));

                    assertThat(unknown(event))
                            .as("fields that have no name any more")
                            .isEmpty();
                    assertThat(TextFormat.printer().printToString(event)).isEqualTo(Files.readString(words(file)));
                }));
    }

    @Test
    void aValueOfAnEnumKeepsItsNumberAndName() throws IOException {
        assertThat(enumValues())
                .as("new ones are added with -Dgolden.write=true; old ones stay for ever")
                .containsExactlyElementsOf(Files.readAllLines(ENUMS, StandardCharsets.UTF_8));
    }

    /** One for each case of each wrapper, every field filled; a snapshot has all of them. */
    private static Map<String, Message> samples() {
        return STORED.values().stream()
                .flatMap(type -> type.getDescriptorForType().getOneofs().isEmpty()
                        ? Stream.of(Map.entry(type.getClass().getName(), filled(type, null)))
                        : cases(type)
                                .map(field -> Map.entry(
                                        type.getClass().getName() + "-" + field.getName(), filled(type, field))))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Stream<FieldDescriptor> cases(Message type) {
        return type.getDescriptorForType().getOneofs().stream().flatMap(oneof -> oneof.getFields().stream());
    }

    /** @param only which field of a oneof to fill */
    private static Message filled(Message type, FieldDescriptor only) {
        var builder = type.newBuilderForType();
        for (var field : type.getDescriptorForType().getFields()) {
            if (field.getContainingOneof() != null && !field.equals(only)) {
                continue;
            }
            if (!field.isRepeated()) {
                builder.setField(field, value(builder, field));
                continue;
            }
            if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
                builder.addRepeatedField(field, value(builder, field));
                continue;
            }
            var element = builder.newBuilderForField(field).build();
            cases(element).forEach(one -> builder.addRepeatedField(field, filled(element, one)));
        }
        return builder.build();
    }

    private static Object value(Message.Builder builder, FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case INT -> field.getNumber();
            case LONG -> 1_772_359_200_000L + field.getNumber();
            case BOOLEAN -> true;
            case STRING -> field.getName();
            case ENUM -> field.getEnumType().getValues().get(1);
            case MESSAGE -> filled(builder.newBuilderForField(field).build(), null);
            case FLOAT, DOUBLE, BYTE_STRING -> throw new IllegalArgumentException(
                    "no sample for " + field + ": add one here");
        };
    }

    private static List<String> unknown(Message message) {
        var own = message.getUnknownFields().asMap().keySet().stream()
                .map(number -> message.getDescriptorForType().getName() + "." + number);
        var inner = message.getAllFields().entrySet().stream()
                .filter(field -> field.getKey().getJavaType() == FieldDescriptor.JavaType.MESSAGE)
                .flatMap(field -> field.getKey().isRepeated()
                        ? ((List<?>) field.getValue()).stream()
                        : Stream.of(field.getValue()))
                .flatMap(value -> unknown((Message) value).stream());
        return Stream.concat(own, inner).toList();
    }

    private static SortedSet<String> enumValues() {
        return STORED.values().stream()
                .map(type -> type.getDescriptorForType().getFile())
                .flatMap(file -> file.getEnumTypes().stream())
                .flatMap(GoldenEventsTest::lines)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> lines(EnumDescriptor type) {
        return type.getValues().stream()
                .map(value -> type.getFullName() + " " + value.getNumber() + " " + value.getName());
    }

    private static List<String> goldenNames() throws IOException {
        try (var files = Files.list(GOLDEN)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".binpb"))
                    .map(name -> name.substring(0, name.length() - ".binpb".length()))
                    .sorted()
                    .toList();
        }
    }

    private static Path words(Path file) {
        return Path.of(file.toString().replace(".binpb", ".txtpb"));
    }
}
