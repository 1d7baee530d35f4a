/** What the log of a node looks like, and what must not stand in it: named in {@code logback.xml}. */
package dev.carillon.node.log;
