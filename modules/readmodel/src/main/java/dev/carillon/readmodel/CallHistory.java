package dev.carillon.readmodel;

import dev.carillon.protocol.call.CallEvent;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The journal of one call, as it was written. */
public interface CallHistory {

    /** In the order of happening; empty when there is no such call. */
    CompletionStage<List<CallEvent>> of(String callId);
}
