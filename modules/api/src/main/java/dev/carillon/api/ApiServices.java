package dev.carillon.api;

import dev.carillon.cluster.Entities;
import dev.carillon.cluster.LiveView;
import dev.carillon.readmodel.CallHistory;
import dev.carillon.store.CallRecords;
import java.time.Clock;

/** What the API stands on. */
public record ApiServices(
        Entities entities,
        LiveView liveView,
        ConfigurationService configuration,
        CallRecords callRecords,
        CallHistory callHistory,
        RequestMeter meter,
        Clock clock) {}
