package dev.carillon.telephony.asterisk;

/** What the answer to a request means for the book. Made wherever the answer arrives, applied where the book lives. */
@FunctionalInterface
interface Learnt {

    Learnt NOTHING = book -> Book.Outcome.NOTHING;

    Book.Outcome apply(Book book);
}
