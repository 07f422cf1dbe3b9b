/**
 * Kernel variants to CUDA C++. An algorithm turns a spec and a configuration into a plan: an output model, a record, and the
 * signature that the launcher is made from; the StringTemplate
 * template of the same name turns the model into text. Device code lives in the templates, every decision in Java, and neither
 * can miss the other's names: a missing template or argument stops the emission.
 */
package org.mxforge.codegen.cuda;
