/** Element formats, scales and scalar types of OCP MX v1.0: the numerics that oracle and kernels share. */
package org.mxforge.dsl.format;
