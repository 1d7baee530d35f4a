package dev.carillon.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.carillon.protocol.call.CallEvent;
import java.time.Instant;
import java.util.List;

/**
 * A journalled event as the API shows it, read off the event's own description: a field that is added to {@code proto/} shows by
 * itself. {@code arrived_ms} becomes the instant {@code arrivedAt}, {@code waiting_since_ms} {@code waitingSince}; an empty text,
 * an instant of 0 and an unspecified constant become null.
 */
final class EventJson {

    private static final String MILLIS = "_ms";

    private EventJson() {}

    /** All events of one call, from the first. */
    static List<ObjectNode> of(List<CallEvent> events) {
        var story = new CallStory();
        return events.stream().map(event -> of(event, story)).toList();
    }

    private static ObjectNode of(CallEvent event, CallStory story) {
        var json = Json.MAPPER.createObjectNode();
        json.put("at", Instant.ofEpochMilli(event.getAtMs()).toString());
        var oneof = CallEvent.getDescriptor().getOneofs().get(0);
        var field = event.getOneofFieldDescriptor(oneof);
        if (field == null) {
            return json.put("event", "unknown").put("text", story.tell(event));
        }
        json.put("event", Words.of(field.getName()));
        json.put("text", story.tell(event));
        var message = (Message) event.getField(field);
        for (var detail : message.getDescriptorForType().getFields()) {
            put(json, detail, message.getField(detail));
        }
        return json;
    }

    private static void put(ObjectNode json, FieldDescriptor field, Object value) {
        if (field.getJavaType() == FieldDescriptor.JavaType.LONG
                && field.getName().endsWith(MILLIS)) {
            var millis = (Long) value;
            json.put(
                    instantName(field.getJsonName()),
                    millis == 0 ? null : Instant.ofEpochMilli(millis).toString());
            return;
        }
        var name = field.getJsonName();
        switch (field.getJavaType()) {
            case STRING -> json.put(name, Words.orNull((String) value));
            case INT -> json.put(name, (Integer) value);
            case LONG -> json.put(name, (Long) value);
            case BOOLEAN -> json.put(name, (Boolean) value);
            case ENUM -> {
                var constant = (EnumValueDescriptor) value;
                json.put(name, constant.getNumber() == 0 ? null : Words.of(constant.getName()));
            }
            case FLOAT, DOUBLE, BYTE_STRING, MESSAGE -> json.put(name, value.toString());
        }
    }

    /** {@code arrivedMs} is {@code arrivedAt}; what says already which instant it is (since, until) needs no more. */
    private static String instantName(String jsonName) {
        var base = jsonName.substring(0, jsonName.length() - "Ms".length());
        return base.endsWith("Since") || base.endsWith("Until") || base.equals("until") ? base : base + "At";
    }
}
