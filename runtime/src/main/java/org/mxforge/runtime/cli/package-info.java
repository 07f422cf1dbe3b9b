/**
 * The command line. Commands are thin, one class each, in the folder of what they are about; they read options, call the
 * {@linkplain org.mxforge.runtime public API} and print. Results go to standard output, as aligned tables or with {@code --json}
 * as one JSON document; progress, warnings and errors go to standard error. Benchmarks alone
 * go past the API: they look at kernels from inside.
 */
package org.mxforge.runtime.cli;
