/**
 * What tests on a GPU share: the GPU itself, memory and launches on it, and numbers. The tests lie in the packages of what they test and
 * are tagged {@code gpu}; without a GPU they are skipped, and say so.
 */
package org.mxforge.tests.gpu;
