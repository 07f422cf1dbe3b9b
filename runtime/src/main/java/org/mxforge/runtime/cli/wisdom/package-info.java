/** Commands that look after what tuning found out. */
package org.mxforge.runtime.cli.wisdom;
