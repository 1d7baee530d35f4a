package dev.carillon.node.log;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;

/** The stack trace of a line without {@link PersonalNumbers}. */
public final class MaskedThrowable extends ThrowableProxyConverter {

    @Override
    public String convert(ILoggingEvent event) {
        return PersonalNumbers.masked(super.convert(event));
    }
}
