/** A search as a page to look at: one HTML file with its plots inside, which needs no network. */
package org.mxforge.runtime.tune.report;
