/** Wisdom, tuner and chooser, with trials that are made up. */
package org.mxforge.runtime.tune.search;
