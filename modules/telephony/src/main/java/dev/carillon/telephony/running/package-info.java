/** The simulated box in real time, behind the same port as a real one. */
package dev.carillon.telephony.running;
