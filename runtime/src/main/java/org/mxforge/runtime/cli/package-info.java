/**
 * The command line. Commands are thin, one class each: they read options, call the packages that do the work, and print.
 * Results go to standard output, as aligned tables or with {@code --json} as one JSON document; progress, warnings and errors
 * go to standard error.
 */
package org.mxforge.runtime.cli;
