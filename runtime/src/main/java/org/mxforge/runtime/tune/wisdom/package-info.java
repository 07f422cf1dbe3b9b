/**
 * What trials found out, on disk: one line of JSON for each trial and each winner, appended to a file for each device, with all that a
 * measurement depends on (spec, algorithm, configuration, source hash, compiler, options, driver). A line holds as long as these are
 * the same. The user's file is asked before the one that is shipped, which is indexed when it is first asked and whose lines are read
 * when they are wanted. Lines that an earlier version wrote are still read: what they call a layout names an algorithm today.
 */
package org.mxforge.runtime.tune.wisdom;
