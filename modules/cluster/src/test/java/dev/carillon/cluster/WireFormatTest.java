package dev.carillon.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Adapter;
import akka.serialization.SerializationExtension;
import akka.serialization.jackson.JacksonCborSerializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.typesafe.config.ConfigFactory;
import dev.carillon.protocol.CborSerializable;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Nodes of two versions speak with each other while a cluster is upgraded. Every message that travels is pinned here in the form
 * it has on the wire: what an older node sends must be understood, and what a newer one sends must still have what was there.
 *
 * <p>A new message, or a new field, is added by running this test with {@code -Dgolden.write=true}. A failure without anything
 * new says that a name or a meaning has changed.
 */
class WireFormatTest {

    private static final Path WIRE = Path.of("src/test/resources/wire/messages.json");
    private static final Instant TIME = Instant.parse("2026-03-01T10:00:00.123Z");
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
    private static final CBORMapper CBOR = new CBORMapper();

    private static ActorTestKit testKit;
    private static JsonNode pinned;

    @BeforeAll
    static void start() throws IOException {
        testKit = ActorTestKit.create("wire", ConfigFactory.load());
        if (Boolean.getBoolean("golden.write")) {
            var all = JSON.createObjectNode();
            for (var type : MESSAGES) {
                all.set(type.getName(), written(sample(type)));
            }
            all.set("enums", enums());
            Files.createDirectories(WIRE.getParent());
            Files.writeString(WIRE, JSON.writeValueAsString(all) + "\n");
        }
        pinned = JSON.readTree(Files.readString(WIRE));
    }

    @AfterAll
    static void stop() {
        testKit.shutdownTestKit();
    }

    @TestFactory
    Stream<DynamicTest> aMessageIsWrittenAndReadAsItIsPinned() {
        return MESSAGES.stream()
                .map(type -> DynamicTest.dynamicTest(type.getName(), () -> {
                    var form = pinned.get(type.getName());
                    assertThat(form)
                            .as("its form in %s; add it with -Dgolden.write=true", WIRE)
                            .isNotNull();
                    var sample = sample(type);

                    assertThat(written(sample)).isEqualTo(form);
                    assertThat(read(CBOR.writeValueAsBytes(form), type)).isEqualTo(sample);
                }));
    }

    @TestFactory
    Stream<DynamicTest> aMessageWithAFieldThatIsNotKnownYetIsUnderstood() {
        return MESSAGES.stream()
                .map(type -> DynamicTest.dynamicTest(type.getName(), () -> {
                    var form = ((ObjectNode) written(sample(type))).put("of-a-later-version", 1);

                    assertThat(read(CBOR.writeValueAsBytes(form), type)).isEqualTo(sample(type));
                }));
    }

    @Test
    void aMessageThatWasPinnedIsStillThere() {
        var names = MESSAGES.stream().map(Class::getName).toList();

        assertThat(pinned.fieldNames())
                .toIterable()
                .filteredOn(name -> !name.equals("enums"))
                .containsExactlyInAnyOrderElementsOf(names);
    }

    @Test
    void theValuesOfEnumsAreAsPinned() {
        assertThat(enums()).isEqualTo(pinned.get("enums"));
    }

    @Test
    void nothingOfJavaIsSerialized() {
        assertThat(testKit.system().settings().config().getBoolean("akka.actor.allow-java-serialization"))
                .isFalse();
    }

    // --- What there is

    /** Every record of the protocol and of this module that is marked as travelling: no list to forget one in. */
    private static final List<Class<?>> MESSAGES = new ClassFileImporter()
            .importUrls(List.of(placeOf(CborSerializable.class), placeOf(EntityMessage.class))).stream()
                    .filter(type -> type.isAssignableTo(CborSerializable.class) && !type.isInterface())
                    .map(JavaClass::reflect)
                    .sorted(Comparator.comparing(Class::getName))
                    .collect(Collectors.toList());

    private static URL placeOf(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }

    private static ObjectNode enums() {
        var found = JSON.createObjectNode();
        var names = new TreeSet<Class<?>>(Comparator.comparing(Class::getName));
        MESSAGES.forEach(type -> collectEnums(type, names));
        for (var type : names) {
            ArrayNode values = found.putArray(type.getName());
            Arrays.stream(type.getEnumConstants())
                    .map(constant -> ((Enum<?>) constant).name())
                    .forEach(values::add);
        }
        return found;
    }

    private static void collectEnums(Class<?> type, Set<Class<?>> found) {
        if (type.isEnum()) {
            found.add(type);
        } else if (type.isRecord()) {
            for (var component : type.getRecordComponents()) {
                collectEnums(component.getType(), found);
                argument(component.getGenericType()).ifPresent(inner -> collectEnums(inner, found));
            }
        }
    }

    // --- Samples: every component filled, by its type

    private static Object sample(Class<?> type) {
        var components = type.getRecordComponents();
        try {
            var constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            return constructor.newInstance(Arrays.stream(components)
                    .map(component -> value(component.getName(), component.getType(), component.getGenericType()))
                    .toArray());
        } catch (ReflectiveOperationException fault) {
            throw new IllegalStateException("no sample can be made of " + type, fault);
        }
    }

    private static Object value(String name, Class<?> type, Type generic) {
        if (type == String.class) {
            return name;
        } else if (type == int.class) {
            return 7;
        } else if (type == long.class) {
            return 8_000_000_000L;
        } else if (type == boolean.class) {
            return true;
        } else if (type == Instant.class) {
            return TIME;
        } else if (type == List.class) {
            var element = argument(generic).orElseThrow();
            return List.of(value(name + "-1", element, element), value(name + "-2", element, element));
        } else if (type == ActorRef.class) {
            return Adapter.toTyped(testKit.system().classicSystem().deadLetters());
        } else if (type.isEnum()) {
            var constants = type.getEnumConstants();
            return constants[constants.length - 1];
        } else if (type.isRecord()) {
            return sample(type);
        } else if (CborSerializable.class.isAssignableFrom(type)) {
            return sample(
                    MESSAGES.stream().filter(type::isAssignableFrom).findFirst().orElseThrow());
        }
        throw new IllegalStateException("no sample for " + type + " " + name + ": add one here");
    }

    private static Optional<Class<?>> argument(Type generic) {
        return generic instanceof ParameterizedType parameterized
                        && parameterized.getActualTypeArguments()[0] instanceof Class<?> inner
                ? Optional.of(inner)
                : Optional.empty();
    }

    // --- The wire

    private static JsonNode written(Object message) throws IOException {
        var bytes =
                SerializationExtension.get(testKit.system()).serialize(message).get();
        // Through text, so that numbers compare by value and not by the size of their field.
        return JSON.readTree(JSON.writeValueAsString(CBOR.readTree(bytes)));
    }

    private static Object read(byte[] bytes, Class<?> type) throws IOException {
        var serialization = SerializationExtension.get(testKit.system());
        var serializer = serialization.serializerFor(type);
        assertThat(serializer).isInstanceOf(JacksonCborSerializer.class);
        return serialization
                .deserialize(bytes, serializer.identifier(), type.getName())
                .get();
    }
}
