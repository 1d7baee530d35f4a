package dev.carillon.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.api.Problem.FieldError;
import dev.carillon.store.JsonForm;

/** A request's body: read every field, then call {@link #check} before using what was read. */
final class JsonBody extends JsonForm {

    JsonBody(ObjectNode fields) {
        super(fields);
    }

    /** @throws Problem when any field was wrong, or there is one that nobody asked for */
    void check() {
        var errors = troubles().stream()
                .map(trouble -> trouble.unknown()
                        ? FieldError.unknown(trouble.field(), trouble.detail())
                        : FieldError.invalid(trouble.field(), trouble.detail()))
                .toList();
        if (!errors.isEmpty()) {
            throw Problem.ofFields(errors);
        }
    }
}
