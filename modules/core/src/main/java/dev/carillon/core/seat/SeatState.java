package dev.carillon.core.seat;

import java.time.Instant;

/**
 * Who holds a seat, and whether its phone can be reached.
 *
 * @param holder null when nobody does
 * @param number of the last claim; 0 when there never was one
 * @param until until when the last claim lets its agent log in; null when there never was one
 * @param word the box's last word on the phone
 * @param confirmed whether the holder has said that they are here; soft: lost in a crash
 * @param asking whether the holder is being asked; soft
 * @param informed the number of the newest word that the holder has heard; soft
 * @param newest the number of the newest word of the box, whether or not it said anything new; soft
 */
public record SeatState(
        String id,
        String holder,
        long number,
        Instant until,
        Word word,
        boolean confirmed,
        boolean asking,
        long informed,
        long newest) {

    /** @param number higher than that of every word before the last change; 0 when there was none, and then it is taken to be reachable */
    record Word(boolean reachable, long number) {
        static final Word NONE = new Word(true, 0);
    }

    static SeatState empty(String id) {
        return new SeatState(id, null, 0, null, Word.NONE, false, false, 0, 0);
    }

    /** Nobody's, or theirs. */
    boolean isOpenTo(String agentId) {
        return holder == null || holder.equals(agentId);
    }

    boolean isHeldBy(String agentId, long byNumber) {
        return agentId.equals(holder) && byNumber == number;
    }

    SeatState claimed(String agentId, long newNumber, Instant newUntil) {
        return new SeatState(id, agentId, newNumber, newUntil, word, false, false, 0, newest);
    }

    SeatState released() {
        return new SeatState(id, null, number, until, word, false, false, 0, newest);
    }

    SeatState here() {
        return new SeatState(id, holder, number, until, word, true, false, informed, newest);
    }

    SeatState inDoubt() {
        return new SeatState(id, holder, number, until, word, confirmed, true, informed, newest);
    }

    SeatState heard(Word newWord) {
        return new SeatState(id, holder, number, until, newWord, confirmed, asking, informed, newWord.number());
    }

    SeatState informed(long wordNumber) {
        return new SeatState(
                id, holder, number, until, word, confirmed, asking, Math.max(informed, wordNumber), newest);
    }

    /** The box has said once more what is known. */
    SeatState heardAgain(long wordNumber) {
        return new SeatState(id, holder, number, until, word, confirmed, asking, informed, wordNumber);
    }

    /** Whether everybody concerned knows the newest word. */
    boolean settled() {
        return holder == null || informed >= word.number();
    }
}
