package dev.carillon.api;

import dev.carillon.cluster.Entities;
import dev.carillon.cluster.LiveView;
import dev.carillon.readmodel.CallHistory;
import dev.carillon.store.CallRecords;
import java.time.Clock;
import java.util.function.Supplier;

/**
 * What the API stands on.
 *
 * @param database how it stands now. From memory: asked with every request
 */
public record ApiServices(
        Entities entities,
        LiveView liveView,
        ConfigurationService configuration,
        CallRecords callRecords,
        CallHistory callHistory,
        RequestMeter meter,
        Supplier<DatabaseState> database,
        Clock clock) {}
