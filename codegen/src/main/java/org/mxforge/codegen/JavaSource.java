package org.mxforge.codegen;

/**
 * An emitted Java compilation unit.
 *
 * @param packageName package it declares
 * @param className simple name of its one public class
 * @param text the whole file
 */
public record JavaSource(String packageName, String className, String text) {
    /** Binary name of the class. */
    public String qualifiedName() {
        return packageName + "." + className;
    }
}
