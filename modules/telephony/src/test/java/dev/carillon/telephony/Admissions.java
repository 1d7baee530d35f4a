package dev.carillon.telephony;

import com.typesafe.config.ConfigFactory;
import java.time.Instant;

/** Who is let in, in tests of something else. */
public final class Admissions {

    private Admissions() {}

    /** By the settings that are shipped, under which few callers are never refused. */
    public static Admission open() {
        return new Admission(TelephonySettings.from(ConfigFactory.load()).admission(), Instant.EPOCH, change -> {});
    }
}
