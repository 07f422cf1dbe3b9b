/** Words that people write, and slips of the pen in them. */
package org.mxforge.dsl.text;
