/**
 * The CUDA driver in small types of our own: one device, one context, one place where error codes become sentences. No type of the
 * JCuda binding leaves {@code runtime.cuda}, and nothing here is loaded natively before it is used, so that machines without a GPU
 * can hold these classes too.
 */
package org.mxforge.runtime.cuda.driver;
