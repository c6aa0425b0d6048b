/**
 * Reports that people look at rather than read: one self-contained HTML file with tables, curves, pictures and
 * animations, and the statistics that stand in them.
 */
package org.cosmosj.libero.report;
