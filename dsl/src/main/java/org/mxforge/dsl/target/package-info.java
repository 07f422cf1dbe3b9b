/** The machines that kernels are generated for. */
package org.mxforge.dsl.target;
