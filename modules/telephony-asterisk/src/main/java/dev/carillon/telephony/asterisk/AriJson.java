package dev.carillon.telephony.asterisk;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/** Asterisk's JSON to our words. Accepts everything; what it cannot read becomes {@link AriEvent.Broken}. */
final class AriJson {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSZ");

    /** The bit of a soft hang-up that says the whole box is going down (AST_SOFTHANGUP_SHUTDOWN). */
    private static final int SHUT_DOWN = 4;

    /** One message of the WebSocket. Never throws. */
    static AriEvent event(String text) {
        try {
            var json = MAPPER.readTree(text);
            if (!json.hasNonNull("type")) {
                return new AriEvent.Broken(text, "no type");
            }
            return event(json);
        } catch (JsonProcessingException e) {
            return new AriEvent.Broken(text, e.getOriginalMessage());
        } catch (IllegalArgumentException e) {
            return new AriEvent.Broken(text, String.valueOf(e.getMessage()));
        }
    }

    private static AriEvent event(JsonNode json) {
        String type = json.path("type").asText();
        return switch (type) {
            case "StasisStart" -> new AriEvent.Entered(channel(json.path("channel")), texts(json.path("args")));
            case "StasisEnd" -> new AriEvent.Left(channel(json.path("channel")));
            case "ChannelStateChange" -> new AriEvent.StateChanged(channel(json.path("channel")));
            case "ChannelDestroyed" -> new AriEvent.Destroyed(
                    channel(json.path("channel")), json.path("cause").asInt());
            case "ChannelHangupRequest" -> hangupRequest(json);
            case "Dial" -> dial(json);
            case "ChannelEnteredBridge" -> new AriEvent.BridgeEntered(
                    channel(json.path("channel")), required(json.path("bridge"), "id"));
            case "ChannelLeftBridge" -> new AriEvent.BridgeLeft(
                    channel(json.path("channel")), required(json.path("bridge"), "id"));
            case "PlaybackFinished" -> playbackFinished(json.path("playback"));
            case "ChannelDtmfReceived" -> new AriEvent.KeyPressed(
                    channel(json.path("channel")), required(json, "digit"));
            case "EndpointStateChange" -> new AriEvent.EndpointChanged(
                    name(json.path("endpoint")),
                    json.path("endpoint").path("state").asText());
            case "ContactStatusChange", "PeerStatusChange" -> contactChanged(json);
            case "CallBroadcast" -> new AriEvent.Unclaimed(channel(json.path("channel")));
            case "ChannelUserevent" -> new AriEvent.Echo(json.path("eventname").asText());
            case "ApplicationReplaced" -> new AriEvent.Replaced();
            default -> new AriEvent.Other(type);
        };
    }

    private static AriEvent contactChanged(JsonNode json) {
        var contact = json.path("contact_info");
        return new AriEvent.ContactChanged(
                name(json.path("endpoint")),
                contact.path("uri").asText(),
                contact.path("contact_status").asText());
    }

    private static String name(JsonNode endpoint) {
        return required(endpoint, "technology") + "/" + required(endpoint, "resource");
    }

    /** The states of all endpoints of a list, by name. */
    static Map<String, String> endpoints(JsonNode list) {
        var states = new HashMap<String, String>();
        list.forEach(
                endpoint -> states.put(name(endpoint), endpoint.path("state").asText()));
        return states;
    }

    /** One setting of an object of the box's configuration; empty when it has none of that name. */
    static String attribute(JsonNode object, String name) {
        return StreamSupport.stream(object.spliterator(), false)
                .filter(setting -> setting.path("attribute").asText().equals(name))
                .map(setting -> setting.path("value").asText())
                .findFirst()
                .orElse("");
    }

    private static AriEvent hangupRequest(JsonNode json) {
        var channel = channel(json.path("channel"));
        if (!json.path("soft").asBoolean()) {
            return new AriEvent.PeerHungUp(channel);
        }
        return json.path("cause").asInt() == SHUT_DOWN
                ? new AriEvent.ShutDown(channel)
                : new AriEvent.Other("ChannelHangupRequest");
    }

    private static AriEvent dial(JsonNode json) {
        String status = json.path("dialstatus").asText();
        return status.equals("RINGING") || status.equals("PROGRESS")
                ? new AriEvent.Ringing(channel(json.path("peer")))
                : new AriEvent.Other("Dial");
    }

    private static AriEvent playbackFinished(JsonNode playback) {
        String target = playback.path("target_uri").asText();
        String channelId = target.startsWith("channel:") ? target.substring("channel:".length()) : "";
        return new AriEvent.PlaybackFinished(required(playback, "id"), channelId);
    }

    /** @throws IllegalArgumentException when it is none */
    static AriChannel channel(JsonNode json) {
        var dialplan = json.path("dialplan");
        return new AriChannel(
                required(json, "id"),
                required(json, "name"),
                required(json, "state"),
                json.path("caller").path("name").asText(),
                json.path("caller").path("number").asText(),
                json.path("channelvars").path("CALL_ID").asText(),
                dialplan.path("context").asText(),
                dialplan.path("app_name").asText(),
                time(json.path("creationtime").asText()));
    }

    /** @throws IllegalArgumentException when it is none */
    static AriBridge bridge(JsonNode json) {
        return new AriBridge(
                required(json, "id"),
                json.path("name").asText(),
                texts(json.path("channels")),
                time(json.path("creationtime").asText()));
    }

    static List<AriChannel> channels(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(AriJson::channel)
                .toList();
    }

    static List<AriBridge> bridges(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(AriJson::bridge)
                .toList();
    }

    static JsonNode read(String text) throws JsonProcessingException {
        return MAPPER.readTree(text);
    }

    static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be written as JSON", e);
        }
    }

    private static String required(JsonNode json, String field) {
        var value = json.path(field);
        if (!value.isTextual() || value.textValue().isEmpty()) {
            throw new IllegalArgumentException("no " + field);
        }
        return value.textValue();
    }

    private static List<String> texts(JsonNode list) {
        var texts = new ArrayList<String>(list.size());
        list.forEach(item -> texts.add(item.asText()));
        return List.copyOf(texts);
    }

    /** The beginning of time when the box does not say. */
    private static Instant time(String text) {
        try {
            return text.isEmpty()
                    ? Instant.EPOCH
                    : OffsetDateTime.parse(text, TIME).toInstant();
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("no time: " + text, e);
        }
    }

    private AriJson() {}
}
