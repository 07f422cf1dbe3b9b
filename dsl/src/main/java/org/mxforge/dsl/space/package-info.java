/** Variants of a kernel as data: parameters, restrictions, configurations. */
package org.mxforge.dsl.space;
