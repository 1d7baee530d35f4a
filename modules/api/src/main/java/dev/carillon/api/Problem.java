package dev.carillon.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/** A request that is not carried out; becomes an {@code application/problem+json} answer (RFC 9457). */
final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int CONFLICT = 409;

    private final transient Body body;

    private Problem(Body body) {
        super(body.code() + ": " + body.detail(), null, false, false);
        this.body = body;
    }

    /** @param detail for people: what is wrong here and what to do */
    static Problem of(ProblemCode code, String detail) {
        return of(code, detail, List.of());
    }

    /** What is wrong with single fields; the first one names the code of the whole. */
    static Problem ofFields(List<FieldError> errors) {
        var code = ProblemCode.named(errors.get(0).code()).orElse(ProblemCode.INVALID_FIELD);
        var detail = String.join(
                "; ", errors.stream().map(e -> e.field() + ": " + e.detail()).toList());
        return of(code, detail, errors);
    }

    static Problem of(ProblemCode code, String detail, List<FieldError> errors) {
        return new Problem(body(code.name(), code.status(), code.title(), detail, errors));
    }

    static Problem ofField(String field, String detail) {
        return ofFields(List.of(FieldError.invalid(field, detail)));
    }

    /** A refusal with the code of whoever refused: an entity may know more reasons than this table. */
    static Problem refused(String code, String detail) {
        return ProblemCode.named(code)
                .map(known -> of(known, detail))
                .orElseGet(
                        () -> new Problem(body(code, CONFLICT, "It does not fit how things stand", detail, List.of())));
    }

    Body body() {
        return body;
    }

    private static Body body(String code, int status, String title, String detail, List<FieldError> errors) {
        return new Body("urn:carillon:problem:" + code, title, status, code, detail, errors);
    }

    record Body(
            String type,
            String title,
            int status,
            String code,
            String detail,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<FieldError> errors) {}

    /** @param field its path in the body, or the name of a parameter */
    record FieldError(String field, String code, String detail) {

        static FieldError invalid(String field, String detail) {
            return new FieldError(field, ProblemCode.INVALID_FIELD.name(), detail);
        }

        static FieldError unknown(String field, String detail) {
            return new FieldError(field, ProblemCode.UNKNOWN_FIELD.name(), detail);
        }
    }
}
