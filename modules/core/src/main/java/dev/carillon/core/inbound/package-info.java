/** What becomes of a call that arrives: by who calls, what they dialled, and when. */
package dev.carillon.core.inbound;
