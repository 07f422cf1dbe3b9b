/** Where codes and scales lie in memory, and how channels are split among formats. */
package org.mxforge.dsl.layout;
