package org.mxforge.codegen.template;

/**
 * A piece of emitted code, to be implemented by records only. The template of the same name, first letter in lower case, has
 * exactly the record's components as its arguments. A component that is itself an output model, or a list of them, reaches the
 * template as rendered text; any other component as it is, the components of a plain record as properties.
 */
public interface OutputModel {}
