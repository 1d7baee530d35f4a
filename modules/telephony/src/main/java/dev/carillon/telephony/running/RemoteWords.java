package dev.carillon.telephony.running;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.box.BoxEvent;
import dev.carillon.protocol.box.BoxTrouble;
import dev.carillon.telephony.BoxLink;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a node and a simulated box in another process say to each other over TCP: JSON, one word a line. */
final class RemoteWords {

    /** Each side says something in this interval, if only that it is there. */
    static final Duration HEARTBEAT = Duration.ofSeconds(1);

    /** Who was not heard of for so long is gone. */
    static final Duration SILENCE = Duration.ofSeconds(5);

    /** Of one line: a box with some ten thousand calls says them all in one. */
    static final int LONGEST_LINE = 64 * 1024 * 1024;

    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** From a node. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "word")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Control.class, name = "control"),
        @JsonSubTypes.Type(value = Execute.class, name = "execute"),
        @JsonSubTypes.Type(value = Watch.class, name = "watch"),
        @JsonSubTypes.Type(value = Alive.class, name = "alive"),
    })
    sealed interface ToBox {}

    /**
     * The first word: which box is wanted.
     *
     * @param carillon the same for all nodes of one Carillon, and of no other
     * @param password empty for none
     */
    record Control(String boxId, String carillon, String password) implements ToBox {}

    record Execute(BoxCommand command) implements ToBox {}

    record Watch(Set<String> endpoints) implements ToBox {}

    record Alive() implements ToBox {}

    /** From a box. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "word")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Up.class, name = "up"),
        @JsonSubTypes.Type(value = Happened.class, name = "happened"),
        @JsonSubTypes.Type(value = Endpoints.class, name = "endpoints"),
        @JsonSubTypes.Type(value = Down.class, name = "down"),
        @JsonSubTypes.Type(value = Present.class, name = "present"),
    })
    sealed interface FromBox {}

    record Up(String incarnation, List<BoxLink.CallOnBox> calls) implements FromBox {}

    record Happened(String callId, BoxEvent event) implements FromBox {}

    record Endpoints(Map<String, BoxLink.Reach> endpoints) implements FromBox {}

    /** The last word. */
    record Down(BoxTrouble trouble, String detail) implements FromBox {}

    record Present() implements FromBox {}

    /** Without the end of the line. */
    static String line(Object word) {
        try {
            return JSON.writeValueAsString(word);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** @throws IOException when it cannot be understood */
    static ToBox toBox(String line) throws IOException {
        return JSON.readValue(line, ToBox.class);
    }

    /** @throws IOException when it cannot be understood */
    static FromBox fromBox(byte[] line) throws IOException {
        return JSON.readValue(line, FromBox.class);
    }

    private RemoteWords() {}
}
