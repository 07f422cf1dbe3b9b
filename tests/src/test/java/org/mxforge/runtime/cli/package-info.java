/** The command line, run in this process. */
package org.mxforge.runtime.cli;
