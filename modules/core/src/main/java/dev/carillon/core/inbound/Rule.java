package dev.carillon.core.inbound;

import java.time.DayOfWeek;
import java.time.LocalTime;
import java.util.List;
import java.util.Set;

/**
 * One rule for calls that arrive.
 *
 * @param name for people
 * @param order the least comes first; of the same order, the id decides
 * @param active whether it holds at all: the switch
 * @param forced it comes before all rules that are not
 * @param when the calls it is for
 * @param target what becomes of them
 */
public record Rule(String id, String name, int order, boolean active, boolean forced, When when, Treatment target) {

    public Rule active(boolean now) {
        return new Rule(id, name, order, now, forced, when, target);
    }

    /** All that is given must be so; what is empty holds for every call. */
    public record When(Numbers dialled, Numbers caller, Days days, List<Hours> hours) {
        public static final When ALWAYS = new When(Numbers.ALL, Numbers.ALL, Days.ALL, List.of());

        public When {
            hours = List.copyOf(hours);
        }
    }

    /** These numbers, and those that begin with one of these prefixes; both empty for all, the withheld one too. */
    public record Numbers(Set<String> exact, Set<String> prefixes) {
        public static final Numbers ALL = new Numbers(Set.of(), Set.of());

        public Numbers {
            exact = Set.copyOf(exact);
            prefixes = Set.copyOf(prefixes);
        }

        boolean includes(String number) {
            return (exact.isEmpty() && prefixes.isEmpty())
                    || exact.contains(number)
                    || prefixes.stream().anyMatch(number::startsWith);
        }
    }

    /**
     * @param weekdays empty for all
     * @param on id of a calendar: only on its days; empty for every day
     * @param notOn id of a calendar: not on its days; empty for none left out
     */
    public record Days(Set<DayOfWeek> weekdays, String on, String notOn) {
        public static final Days ALL = new Days(Set.of(), "", "");

        public Days {
            weekdays = Set.copyOf(weekdays);
        }
    }

    /**
     * A time of day by the centre's clock on the wall. One that ends before it begins goes on past midnight, and what does so
     * belongs to the day on which it began: Friday 22:00 to 06:00 is the night to Saturday.
     *
     * @param to the first minute that is not in it any more
     */
    public record Hours(LocalTime from, LocalTime to) {

        boolean overMidnight() {
            return !to.isAfter(from);
        }

        /** Whether it began on this day and includes this time of it. */
        boolean includes(LocalTime time) {
            return !time.isBefore(from) && (overMidnight() || time.isBefore(to));
        }

        /** Whether it began on the day before and includes this time. */
        boolean includesNextDay(LocalTime time) {
            return overMidnight() && time.isBefore(to);
        }
    }
}
