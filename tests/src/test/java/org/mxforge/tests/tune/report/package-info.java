/** The page about a search. */
package org.mxforge.tests.tune.report;
