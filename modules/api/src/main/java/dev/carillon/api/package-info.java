/**
 * The HTTP API, its documentation and the live page. The contract is {@code openapi/carillon.yaml}; {@link
 * dev.carillon.api.Operation}s are its operations one by one, and a test keeps the two together. Requests become commands to
 * entities, reads of the live view, or JDBC on a dispatcher of its own; nothing blocks a route.
 */
package dev.carillon.api;
