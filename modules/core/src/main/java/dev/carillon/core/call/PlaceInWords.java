package dev.carillon.core.call;

import dev.carillon.core.queue.Announce;
import java.util.ArrayList;
import java.util.List;

/**
 * What is played to a caller to tell them where they stand, in the order in which it is played. The sounds are those that every Asterisk
 * has under these names, in each of its languages.
 *
 * <p>Nobody is told less than the whole minutes that they are expected to wait. A wait of more than ten minutes is told in steps of five,
 * and one of more than an hour is not told at all: nobody knows so far ahead.
 */
final class PlaceInWords {

    private static final int TOLD_BY_THE_MINUTE = 10;
    private static final int COARSE_MINUTES = 5;
    private static final int MOST_MINUTES = 60;

    /**
     * @param position 1 for the next
     * @param toldBefore the best position they have heard so far: a worse one is not told
     * @param waitSeconds 0 when nobody knows
     */
    static List<String> of(Announce settings, int position, int toldBefore, int waitSeconds) {
        var sounds = new ArrayList<String>();
        if (settings.position() && position <= toldBefore) {
            position(position, sounds);
        }
        int minutes = minutes(waitSeconds);
        if (settings.estimatedWait() && waitSeconds > 0 && minutes <= MOST_MINUTES) {
            estimatedWait(minutes, waitSeconds, sounds);
        }
        if (!settings.sound().isEmpty()) {
            sounds.add(settings.sound());
        }
        return sounds;
    }

    private static void position(int position, List<String> sounds) {
        if (position == 1) {
            sounds.add("sound:queue-youarenext");
        } else {
            sounds.addAll(List.of("sound:queue-thereare", "number:" + position, "sound:queue-callswaiting"));
        }
    }

    private static void estimatedWait(int minutes, int seconds, List<String> sounds) {
        sounds.add("sound:queue-holdtime");
        if (seconds < 60) {
            sounds.add("sound:queue-less-than");
        }
        sounds.add("number:" + minutes);
        sounds.add(minutes == 1 ? "sound:queue-minute" : "sound:queue-minutes");
    }

    private static int minutes(int seconds) {
        int minutes = roundedUp(seconds, 60);
        return minutes <= TOLD_BY_THE_MINUTE ? minutes : roundedUp(minutes, COARSE_MINUTES) * COARSE_MINUTES;
    }

    private static int roundedUp(int some, int size) {
        return (some + size - 1) / size;
    }

    private PlaceInWords() {}
}
