/** What needs a GPU. Without one these tests are skipped, and say so. */
package org.mxforge.tests.gpu;
