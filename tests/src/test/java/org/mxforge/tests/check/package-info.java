/**
 * Random kernels and what to check them on, as jqwik's arbitraries, for tests of this project and of others: they are in the jar {@code
 * mxforge-tests} with the classifier {@code test-support}.
 */
package org.mxforge.tests.check;
