/** The operations of a decoder as one interface, which the CPU and CUDA backends implement. */
package org.mxforge.runtime.backend;
