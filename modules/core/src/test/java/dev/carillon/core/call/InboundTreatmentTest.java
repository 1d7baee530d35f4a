package dev.carillon.core.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.Directory;
import dev.carillon.core.Output;
import dev.carillon.core.Scenario;
import dev.carillon.core.inbound.CallerEntry;
import dev.carillon.core.inbound.CallerEntry.CallerList;
import dev.carillon.core.inbound.InboundRules;
import dev.carillon.core.inbound.Rule;
import dev.carillon.core.inbound.Rule.When;
import dev.carillon.core.inbound.Treatment;
import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.box.BoxEvent.AnnouncementEnded;
import dev.carillon.protocol.box.BoxEvent.LegEnded;
import dev.carillon.protocol.box.BoxEvent.LegOffered;
import dev.carillon.protocol.box.EndCause;
import dev.carillon.protocol.call.CallArrived;
import dev.carillon.protocol.call.CallCommand;
import dev.carillon.protocol.call.CallCommand.FromBox;
import dev.carillon.protocol.call.CallEvent;
import dev.carillon.protocol.call.CallOutcome;
import dev.carillon.protocol.call.EndedBy;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.view.View;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What inbound rules make of a call that arrives. */
class InboundTreatmentTest {

    private final Scenario<CallCommand, CallEvent, CallState> call =
            new Scenario<>(new CallDecider(), "box1-7", Scenario.directory());

    @ParameterizedTest
    @CsvSource({"BLACKLIST, HEARS_BUSY, BUSY, 17", ", TURNED_AWAY, REJECTED, 21"})
    void whoIsNotLetInIsToldSoUnansweredAlsoAfterACrash(
            CallerList list, dev.carillon.protocol.call.Treatment treatment, EndCause cause, int q850) {
        call.configured(configuration(new Treatment.TurnedAway(), list)).when(arrive());

        var hangUp = new Output.ToBox("box1", new BoxCommand.HangUp("box1-7", "7", cause));
        assertThat(call.said()).containsExactly(hangUp);
        assertThat(arrived().getTreatment()).isEqualTo(treatment);
        assertThat(call.events().get(1).getEnded().getOutcome()).isEqualTo(CallOutcome.REJECTED);
        assertThat(call.events().get(1).getEnded().getQ850Cause()).isEqualTo(q850);

        assertThat(call.crash().owed()).containsExactly(hangUp);
        call.when(new FromBox(new LegEnded("7", cause, q850)));
        assertThat(call.mayRest()).isTrue();
    }

    @Test
    void whoIsToHearAnAnnouncementIsAnsweredForItAndHungUpOnAlsoAfterACrash() {
        call.configured(configuration(new Treatment.HearsAnnouncement("sound:closed"), CallerList.VIP))
                .when(arrive());

        var announcement =
                new Output.ToBox("box1", new BoxCommand.Announce("box1-7", "7", "box1-7-farewell", "sound:closed", ""));
        assertThat(call.said())
                .containsExactly(new Output.ToBox("box1", new BoxCommand.Answer("box1-7", "7")), announcement);
        assertThat(arrived().getTreatment()).isEqualTo(dev.carillon.protocol.call.Treatment.ANNOUNCEMENT);
        assertThat(call.view(View.OfCall.class).phase()).isEqualTo(View.CallPhase.LEAVING);
        assertThat(call.crash().owed()).contains(announcement).noneMatch(Output.ToQueue.class::isInstance);

        call.when(new FromBox(new AnnouncementEnded("7", "box1-7-farewell")));
        var ended = call.events().get(0).getEnded();
        assertThat(ended.getOutcome()).isEqualTo(CallOutcome.REJECTED);
        assertThat(ended.getEndedBy()).isEqualTo(EndedBy.SYSTEM);
        assertThat(ended.getQ850Cause()).isEqualTo(16);
        assertThat(ended.getLeftTo()).isEqualTo("announcement");
        assertThat(ended.getLeftMs()).isEqualTo(Scenario.START.toEpochMilli());
        assertThat(ended.getRuleId()).isEqualTo("rule");
        assertThat(call.said())
                .containsExactly(new Output.ToBox("box1", new BoxCommand.HangUp("box1-7", "7", EndCause.NORMAL)));
        call.when(new FromBox(new LegEnded("7", EndCause.NORMAL, 16)));
        assertThat(call.mayRest()).isTrue();
    }

    @Test
    void whoHangsUpDuringAnAnnouncementWasNotLetInEither() {
        call.configured(configuration(new Treatment.HearsAnnouncement("sound:closed"), null))
                .given(arrive())
                .when(new FromBox(new LegEnded("7", EndCause.NORMAL, 16)));

        assertThat(call.events().get(0).getEnded().getOutcome()).isEqualTo(CallOutcome.REJECTED);
        assertThat(call.events().get(0).getEnded().getEndedBy()).isEqualTo(EndedBy.CALLER);
        assertThat(call.mayRest()).isTrue();
    }

    @Test
    void aRuleSendsTheCallerToItsQueueWithItsPriorityAndGreeting() {
        call.configured(configuration(new Treatment.ToQueue("support", 8, "sound:sorry"), null))
                .when(arrive());

        assertThat(call.said())
                .containsExactly(
                        new Output.ToBox("box1", new BoxCommand.Answer("box1-7", "7")),
                        new Output.ToBox(
                                "box1", new BoxCommand.Announce("box1-7", "7", "box1-7-greeting", "sound:sorry", "")),
                        new Output.ToQueue(
                                "support", new QueueCommand.Enqueue("box1-7", "box1", 8, Scenario.START, "+4930", 0)));
        assertThat(arrived().getRuleId()).isEqualTo("rule");
    }

    @Test
    void aRuleWithoutAGreetingLeavesTheQueuesOwn() {
        call.configured(configuration(new Treatment.ToQueue("support", 8, ""), null))
                .when(arrive());

        assertThat(call.said())
                .contains(new Output.ToBox(
                        "box1", new BoxCommand.Announce("box1-7", "7", "box1-7-greeting", "sound:hello", "")));
    }

    @Test
    void theListThatTheCallerIsOnIsJournalled() {
        call.configured(configuration(new Treatment.ToQueue("support", 8, ""), CallerList.VIP))
                .when(arrive());

        assertThat(arrived().getCallerList()).isEqualTo(dev.carillon.protocol.call.CallerList.VIP);
        assertThat(call.events().get(1).getQueued().getPriority()).isEqualTo(10);
    }

    private CallArrived arrived() {
        return call.events().get(0).getArrived();
    }

    private static Directory configuration(Treatment target, CallerList list) {
        var plain = Scenario.directory();
        var inbound = new InboundRules(
                ZoneOffset.UTC,
                List.of(new Rule("rule", "Rule", 1, true, false, When.ALWAYS, target)),
                Map.of(),
                list == null ? Map.of() : Map.of("+4930", new CallerEntry("+4930", list, false, "")));
        return new Directory(plain.queues(), plain.agents(), plain.numbers(), plain.seats(), inbound);
    }

    private static FromBox arrive() {
        return new FromBox(new LegOffered("box1", "i1", "7", "+4930", "Ann", "100", Scenario.START));
    }
}
