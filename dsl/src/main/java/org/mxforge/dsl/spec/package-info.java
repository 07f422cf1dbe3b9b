/** What kernels compute: one record for each kind of kernel, each with a canonical text. */
package org.mxforge.dsl.spec;
