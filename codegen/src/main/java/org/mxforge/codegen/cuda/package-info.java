/**
 * Kernel variants to CUDA C++. An emitter turns a spec and its configuration into an output model, a record; the StringTemplate
 * template of the same name turns the model into text. Device code lives in the templates, every decision in Java, and neither
 * can miss the other's names: a missing template or argument stops the emission.
 */
package org.mxforge.codegen.cuda;
