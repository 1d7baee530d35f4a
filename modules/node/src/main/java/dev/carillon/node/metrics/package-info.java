/** What Prometheus is told of a node: Kamon, and what Carillon counts by it. Nothing else in Carillon knows Kamon. */
package dev.carillon.node.metrics;
