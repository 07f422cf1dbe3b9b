/** Wisdom, tuner and chooser, with trials that are made up. */
package org.mxforge.tests.tune;
