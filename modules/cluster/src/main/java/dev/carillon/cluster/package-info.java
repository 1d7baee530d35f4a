/** The actor shell: the deciders of the core as sharded persistent actors, and the live view of what they do. */
package dev.carillon.cluster;
