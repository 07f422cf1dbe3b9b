/** The page about a search. */
package org.mxforge.runtime.tune.report;
