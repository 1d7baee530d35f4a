package dev.carillon.store;

import java.util.Optional;

/** The environment variables of the process, from which passwords may be taken. */
@FunctionalInterface
public interface Environment {

    Environment OF_THE_PROCESS = name -> Optional.ofNullable(System.getenv(name));

    /** The value of a variable; empty when it is not set. */
    Optional<String> get(String name);
}
