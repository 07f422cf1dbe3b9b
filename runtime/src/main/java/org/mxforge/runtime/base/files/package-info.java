/**
 * How files and folders appear: whole or not at all, and never over one that is there unless that is asked for. What users ask to be
 * written goes through {@link org.mxforge.runtime.base.files.UserOutput}, whose errors are sentences for them; caches and the like use
 * {@link org.mxforge.runtime.base.files.Publication} itself.
 */
package org.mxforge.runtime.base.files;
