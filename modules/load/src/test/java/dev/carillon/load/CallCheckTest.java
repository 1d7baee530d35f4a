package dev.carillon.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class CallCheckTest {

    private final CallCheck check = new CallCheck();

    @Nested
    class ACallThatWasAnswered {

        @Test
        void agrees_with_its_record() {
            check.lived(answered("CALLER"));
            check.recorded(record("agent-3", "ANSWERED", "CALLER"));

            assertThat(check.differences()).isEmpty();
            assertThat(check.sums()).isEqualTo(new CallCheck.Sums(1, 1, 1, 0, 0, 0));
        }

        @Test
        void differs_when_another_agent_is_recorded() {
            check.lived(answered("CALLER"));
            check.recorded(record("agent-4", "ANSWERED", "CALLER"));

            assertThat(check.differences()).singleElement().asString().contains("answered by agent-3");
        }

        @Test
        void differs_when_it_was_ended_by_somebody_else() {
            check.lived(answered("SEAT"));
            check.recorded(record("agent-3", "ANSWERED", "CALLER"));

            assertThat(check.differences()).singleElement().asString().contains("ended by the agent");
        }

        @Test
        void differs_when_it_is_recorded_as_abandoned() {
            check.lived(answered("CALLER"));
            check.recorded(record("", "ABANDONED", "CALLER"));

            assertThat(check.differences()).hasSize(1);
        }

        @Test
        void may_be_answered_once_only() {
            check.lived(new News.Lived("box-0-1", 7, 0, 9, "CALLER", 60_000, 2, 3, 4, "CALLER"));
            check.recorded(record("agent-3", "ANSWERED", "CALLER"));

            assertThat(check.differences()).singleElement().asString().contains("talked to 2 agents");
        }
    }

    @Nested
    class ACallerWhoWasRefused {

        private final News.Lived refused = new News.Lived("box-0-1", 7, 0, 9, "CARILLON", 60_000, 0, -1, 0, "");

        @Test
        void needs_no_record() {
            check.lived(refused);

            assertThat(check.differences()).isEmpty();
            assertThat(check.letIn()).isZero();
            assertThat(check.sums()).isEqualTo(new CallCheck.Sums(1, 0, 0, 0, 0, 1));
        }

        @Test
        void may_have_none() {
            check.lived(refused);
            check.recorded(record("", "ABANDONED", "CALLER"));

            assertThat(check.differences()).singleElement().asString().contains("whose caller was refused");
        }
    }

    @Nested
    class ACallThatWasAbandoned {

        @Test
        void agrees_with_its_record() {
            check.lived(abandoned());
            check.recorded(record("", "ABANDONED", "CALLER"));

            assertThat(check.differences()).isEmpty();
            assertThat(check.sums()).isEqualTo(new CallCheck.Sums(1, 1, 0, 1, 0, 0));
        }

        @Test
        void may_be_recorded_as_answered_when_the_agent_picked_up_in_that_moment() {
            check.lived(abandoned());
            check.recorded(record("agent-3", "ANSWERED", "CALLER"));

            assertThat(check.differences()).isEmpty();
            assertThat(check.sums()).isEqualTo(new CallCheck.Sums(1, 1, 0, 0, 1, 0));
        }

        @Test
        void differs_when_a_conversation_is_recorded_that_was_longer_than_the_caller_was_there() {
            check.lived(abandoned());
            check.recorded(new CallCheck.Recorded("box-0-1", "40000000007", "agent-3", "ANSWERED", "CALLER", 60_001));

            assertThat(check.differences()).hasSize(1);
        }

        @Test
        void differs_when_somebody_else_is_said_to_have_ended_it() {
            check.lived(abandoned());
            check.recorded(record("", "LOST", "BOX"));

            assertThat(check.differences()).hasSize(1);
        }
    }

    @Test
    void a_call_without_a_record_is_a_difference() {
        check.lived(abandoned());

        assertThat(check.differences()).containsExactly("Call box-0-1 has no record");
    }

    @Test
    void a_second_record_is_a_difference() {
        check.lived(abandoned());
        check.recorded(record("", "ABANDONED", "CALLER"));
        check.recorded(record("", "ABANDONED", "CALLER"));

        assertThat(check.differences()).containsExactly("Call box-0-1 has more than one record");
    }

    @Test
    void a_record_of_a_call_that_nobody_made_is_a_difference() {
        check.recorded(record("", "ABANDONED", "CALLER"));

        assertThat(check.differences()).singleElement().asString().contains("nobody has made");
    }

    @Test
    void a_record_of_somebody_elses_number_is_a_difference() {
        check.lived(abandoned());
        check.recorded(new CallCheck.Recorded("box-0-1", "123", "", "ABANDONED", "CALLER", 0));

        assertThat(check.differences()).singleElement().asString().contains("the caller is 40000000007");
    }

    @Test
    void a_phone_that_is_rung_while_it_is_in_use_is_a_difference() {
        check.rang(new News.Ring(3, "box-0-1", 1_000, 5_000));
        check.rang(new News.Ring(3, "box-0-2", 5_000, 8_000));
        assertThat(check.differences()).isEmpty();

        check.rang(new News.Ring(3, "box-0-3", 7_999, 9_000));
        assertThat(check.differences())
                .containsExactly("The phone of agent-3 was rung for call box-0-3 while it was in use for another");
    }

    private static News.Lived answered(String talkEndedBy) {
        return new News.Lived("box-0-1", 7, 0, 9, "CALLER", 60_000, 1, 3, 4_000, talkEndedBy);
    }

    private static News.Lived abandoned() {
        return new News.Lived("box-0-1", 7, 0, 9, "CALLER", 60_000, 0, -1, 0, "");
    }

    private static CallCheck.Recorded record(String agentId, String outcome, String endedBy) {
        return new CallCheck.Recorded("box-0-1", "40000000007", agentId, outcome, endedBy, 4_000);
    }
}
