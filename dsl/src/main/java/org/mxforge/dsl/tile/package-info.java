/** The shapes by which a GEMM is cut for a machine. */
package org.mxforge.dsl.tile;
