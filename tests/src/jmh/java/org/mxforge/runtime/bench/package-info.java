/**
 * JMH benchmarks of what happens on the host: emitting, compiling and launching. They are compiled in every build and run by
 * hand, see README.
 */
package org.mxforge.runtime.bench;
