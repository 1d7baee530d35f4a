/** Helpers for tests; used with scope {@code test} only. Knows nothing of the other modules, so all of them can use it. */
package dev.carillon.testkit;
