package dev.carillon.node;

import dev.carillon.api.ApiSettings;
import dev.carillon.api.BearerSecret;
import java.util.Optional;

/** What operators send to the management port for everything but the questions of probes and of other nodes. */
final class OperatorToken {

    private final Optional<BearerSecret> secret;

    private OperatorToken(Optional<BearerSecret> secret) {
        this.secret = secret;
    }

    /**
     * @param token empty for none, which goes only where nobody but this machine can ask
     * @param management where it is asked for
     * @throws StartupFailure when there has to be one, or it cannot be used
     */
    static OperatorToken of(Optional<String> token, NodeSettings.Endpoint management) {
        if (token.isEmpty() && !ApiSettings.isLoopback(management.host())) {
            throw new StartupFailure("The management port would listen at " + management.host()
                    + " without a token: whoever reaches this machine over a network could drain the node. Set the"
                    + " environment variable CARILLON_MANAGEMENT_TOKEN to a secret of at least " + BearerSecret.SHORTEST
                    + " characters, for example from: openssl rand -hex 24; or let it listen at 127.0.0.1"
                    + " (CARILLON_MANAGEMENT_HOST or carillon.node.management.host).");
        }
        try {
            return new OperatorToken(token.map(text -> BearerSecret.of("The management token", text)));
        } catch (IllegalArgumentException e) {
            throw new StartupFailure(e.getMessage(), e);
        }
    }

    /**
     * @param authorization the header's value; empty when it was not sent
     * @return empty for who may come in
     */
    Optional<OperatorProblem> refusal(Optional<String> authorization) {
        return switch (secret.map(needed -> needed.sentIn(authorization)).orElse(BearerSecret.Sent.RIGHT)) {
            case RIGHT -> Optional.empty();
            case MISSING -> Optional.of(OperatorProblem.of(
                    OperatorProblem.Code.UNAUTHORIZED,
                    "Send the token that this node was started with: Authorization: Bearer <token>."));
            case WRONG -> Optional.of(OperatorProblem.of(
                    OperatorProblem.Code.UNAUTHORIZED,
                    "This is not the token of this node. It is the value of CARILLON_MANAGEMENT_TOKEN that the node was"
                            + " started with."));
        };
    }

    /** Without the token: this may be logged. */
    @Override
    public String toString() {
        return secret.isPresent() ? "a token" : "no token";
    }
}
