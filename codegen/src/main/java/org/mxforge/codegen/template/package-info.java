/**
 * Output models and the strict rendering of them: a record and a StringTemplate template of the same name, so that neither can
 * miss what the other has.
 */
package org.mxforge.codegen.template;
