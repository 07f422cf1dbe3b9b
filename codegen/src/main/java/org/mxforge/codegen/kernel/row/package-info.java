/** The plain kernels of a decoder, which go row by row: one file for each kind. */
package org.mxforge.codegen.kernel.row;
