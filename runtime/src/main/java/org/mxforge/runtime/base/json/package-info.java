/**
 * JSON that comes from outside. Such files are read whole, with a bound on their size and depth and with duplicate keys
 * refused (but in files for Python, which takes the last), and every value is taken through a getter that names the file and the key when it does not fit.
 */
package org.mxforge.runtime.base.json;
