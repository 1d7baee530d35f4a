package dev.carillon.telephony.asterisk;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import dev.carillon.protocol.box.BoxTrouble;
import dev.carillon.telephony.BoxLink;
import java.util.concurrent.CompletionStage;

/**
 * The last moment of a link whose box another connection has taken: whose is it? Every Carillon leaves its name on a box before it
 * connects. Another name means another Carillon, and two that take a box from each other in turn leave it without either: so
 * this one does not come back by itself. Our own name means a ghost of ours, a node that was cut off or stood still and has not
 * noticed yet that its boxes are kept elsewhere: the cluster ends it, and we come back.
 */
final class TakenOver {

    /** A global variable of the box: which Carillon has connected last. */
    private static final String OWNER = "CARILLON_OWNER";

    private static final String VARIABLE = "/asterisk/variable";

    private record Answered(AriReply reply) {}

    /** To be said before the connection is opened. */
    static CompletionStage<AriReply> leaveName(AriClient client, String carillon) {
        return client.post(VARIABLE, "variable", OWNER, "value", carillon);
    }

    /** Nothing more is asked of the box than this. */
    static Behavior<Object> create(
            ActorContext<Object> context, ActorRef<BoxLink.Report> owner, AriClient client, String carillon) {
        context.pipeToSelf(client.closeAsking(VARIABLE, "variable", OWNER), (reply, failure) -> new Answered(reply));
        return Behaviors.receive(Object.class)
                .onMessage(Answered.class, answered -> {
                    owner.tell(down(answered.reply(), carillon));
                    return Behaviors.stopped();
                })
                .onMessage(BoxLink.Close.class, close -> Behaviors.stopped())
                .onAnyMessage(other -> Behaviors.same())
                .build();
    }

    private static BoxLink.Down down(AriReply reply, String carillon) {
        return reply.body().path("value").asText().equals(carillon)
                ? new BoxLink.Down(
                        BoxTrouble.BOX_LOST, "Another connection of this same Carillon, left over, took the box")
                : new BoxLink.Down(BoxTrouble.BOX_REPLACED, "Another Carillon has taken this box over");
    }

    private TakenOver() {}
}
