/** What commands share: where they print, output files that are never written over, options of more than one folder. */
package org.mxforge.runtime.cli.console;
