/**
 * From specs and algorithms to text. Each kind of kernel has one home below {@code kernel}: its algorithms with their emitters, launch
 * signature and catalogue entries; {@code cuda} and {@code cpu} hold what emitters share, {@code launcher} renders signatures to Java,
 * {@code device} translates annotated Java to CUDA, and {@code template} is the strict use of StringTemplate.
 */
package org.mxforge.codegen;
