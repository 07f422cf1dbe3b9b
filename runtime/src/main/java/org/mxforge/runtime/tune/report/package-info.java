/**
 * A search as a page to look at: one HTML file with chart library, data and style inside, which needs no network and forbids itself any.
 * The page is a template ({@code page.stg}) and the look of a chart is data ({@code chart.json}, in the terms of Apache ECharts), so that
 * Java says only what is shown.
 */
package org.mxforge.runtime.tune.report;
