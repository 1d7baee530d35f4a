/**
 * One box and the people around it, as a model in virtual time: callers who arrive, wait, talk and lose patience, and phones that
 * are answered, declined, busy or not there. It has no clock, no threads and no randomness but its seed, so the simulation
 * drives it through thousands of histories, and the telephony module's simulated adapter runs the very same model in real time.
 */
package dev.carillon.telephony.simulated;
