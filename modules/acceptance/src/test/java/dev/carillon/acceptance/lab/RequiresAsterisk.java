package dev.carillon.acceptance.lab;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * For tests with a real Asterisk and SIPp. Where those are missing the test is skipped and says why, unless {@code
 * CARILLON_REQUIRE_ASTERISK=1}: then it fails.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("asterisk")
@Tag("servers")
@ExtendWith(AsteriskCondition.class)
public @interface RequiresAsterisk {}
