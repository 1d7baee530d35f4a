package dev.carillon.api;

import dev.carillon.store.Configuration;
import dev.carillon.store.ConfigurationStore;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The configuration as this node works by it, and the one way to change it while the cluster runs. */
public interface ConfigurationService {

    /** What this node works by now. From memory: may be called on any thread, as often as one likes. */
    Configuration current();

    /**
     * Makes a change and completes when this node works by it: {@link #current} then shows it, and the entities concerned have
     * been told. Other nodes follow by themselves within moments.
     *
     * <p>The function blocks on the database, so it is not run on the caller's thread.
     *
     * @param change is given the store; what it returns is passed on. Fails with {@link ConfigurationStore.Refused} when the
     *     store refuses
     */
    <T> CompletionStage<T> change(Function<ConfigurationStore, T> change);

    /** An operator has stored the settings of this box, changed or not: its connection, if it is lost, is to be tried now. */
    void boxStored(String boxId);
}
