/** Processes of this program's own, for what may take down the process that it runs in. */
package org.mxforge.runtime.base.process;
