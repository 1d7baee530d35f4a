/** The rules by which calls and agents are put in order. One file a rule; its first comment is the rule. */
package dev.carillon.core.routing;
