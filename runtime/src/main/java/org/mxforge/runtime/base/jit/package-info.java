/**
 * Java source to running code without touching the disk: emitted kernels and launchers are compiled by the JDK's own compiler
 * and their class files kept in the user's cache, because starting javac costs more than running a small model's first layer.
 */
package org.mxforge.runtime.base.jit;
