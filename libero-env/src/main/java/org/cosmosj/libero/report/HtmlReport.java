package org.cosmosj.libero.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.cosmosj.tensor.AtomicFile;

/**
 * Builds one HTML file that needs nothing else: pictures are embedded, curves are drawn in the reader's browser by
 * Chart.js, whose script is embedded too.
 */
public final class HtmlReport {
    private static final String CHART_SCRIPT = "/META-INF/resources/webjars/chart.js/4.4.1/dist/chart.umd.js";
    private static final String STYLE = "report.css";
    private static final int MOST_POINTS = 400;

    private final String title;
    private final StringBuilder body = new StringBuilder();
    private int charts;

    /** How a chart's value axis is scaled. */
    public enum Axis {
        /** Equal steps. */
        LINEAR,
        /** Equal factors; values must be above 0. */
        LOGARITHMIC
    }

    /**
     * Starts a report.
     *
     * @param title shown in the window and as the first heading
     */
    public HtmlReport(String title) {
        this.title = title;
        body.append("<h1>").append(escape(title)).append("</h1>\n");
    }

    /**
     * A section heading.
     *
     * @param text plain text
     * @return this
     */
    public HtmlReport heading(String text) {
        body.append("<h2>").append(escape(text)).append("</h2>\n");
        return this;
    }

    /**
     * A paragraph.
     *
     * @param text plain text
     * @return this
     */
    public HtmlReport paragraph(String text) {
        body.append("<p>").append(escape(text)).append("</p>\n");
        return this;
    }

    /**
     * Text in a fixed-width box, such as a command.
     *
     * @param text plain text
     * @return this
     */
    public HtmlReport code(String text) {
        body.append("<pre>").append(escape(text)).append("</pre>\n");
        return this;
    }

    /**
     * A table.
     *
     * @param header column names
     * @param rows one list of cells per row, each as long as the header
     * @return this
     */
    public HtmlReport table(List<String> header, List<List<String>> rows) {
        body.append("<table>\n<tr>");
        header.forEach(cell -> body.append("<th>").append(escape(cell)).append("</th>"));
        body.append("</tr>\n");
        for (List<String> row : rows) {
            if (row.size() != header.size()) {
                throw new IllegalArgumentException("report: row " + row + " has " + row.size() + " cells, the header "
                        + header + " has " + header.size());
            }
            body.append("<tr>");
            row.forEach(cell -> body.append("<td>").append(escape(cell)).append("</td>"));
            body.append("</tr>\n");
        }
        body.append("</table>\n");
        return this;
    }

    /**
     * A chart of curves over a common horizontal axis; long curves are thinned by averaging.
     *
     * @param caption what it shows
     * @param xLabel name and unit of the horizontal axis
     * @param axis scale of the vertical axis
     * @param curves the lines
     * @return this
     */
    public HtmlReport chart(String caption, String xLabel, Axis axis, List<Curve> curves) {
        String id = "chart" + charts++;
        StringBuilder datasets = new StringBuilder();
        for (Curve full : curves) {
            Curve curve = full.thinned(MOST_POINTS);
            datasets.append(datasets.isEmpty() ? "" : ",").append("{label:").append(quote(curve.name()))
                    .append(",pointRadius:0,borderWidth:1.5,data:[");
            for (int i = 0; i < curve.x().length; i++) {
                datasets.append(i == 0 ? "" : ",").append("{x:").append(number(curve.x()[i])).append(",y:")
                        .append(number(curve.y()[i])).append('}');
            }
            datasets.append("]}");
        }
        body.append("<figure><div class=\"chart\"><canvas id=\"").append(id).append("\"></canvas></div><figcaption>")
                .append(escape(caption)).append("</figcaption></figure>\n<script>new Chart(document.getElementById('")
                .append(id).append("'),{type:'line',data:{datasets:[").append(datasets)
                .append("]},options:{animation:false,maintainAspectRatio:false,scales:{x:{type:'linear',title:"
                        + "{display:true,text:")
                .append(quote(xLabel)).append("}},y:{type:")
                .append(axis == Axis.LINEAR ? "'linear'" : "'logarithmic'").append("}}}});</script>\n");
        return this;
    }

    /**
     * Pictures side by side.
     *
     * @param caption what they show
     * @param mimeType such as {@code image/png} or {@code image/gif}
     * @param pictures encoded files
     * @return this
     */
    public HtmlReport pictures(String caption, String mimeType, List<byte[]> pictures) {
        body.append("<figure><div class=\"pictures\">");
        for (byte[] picture : pictures) {
            body.append("<img alt=\"").append(escape(caption)).append("\" src=\"data:").append(mimeType)
                    .append(";base64,").append(Base64.getEncoder().encodeToString(picture)).append("\">");
        }
        body.append("</div><figcaption>").append(escape(caption)).append("</figcaption></figure>\n");
        return this;
    }

    /**
     * Writes the report beside its target and then renames it, so that a good file is never half overwritten.
     *
     * @param file the target; missing parent folders are created
     * @throws UncheckedIOException if it cannot be written; an older report stays as it was
     */
    public void write(Path file) {
        String html = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + escape(title)
                + "</title>\n<style>" + resource(STYLE) + "</style>\n<script>" + resource(CHART_SCRIPT)
                + "</script></head>\n<body>\n" + body + "</body></html>\n";
        AtomicFile.write(file, html.getBytes(StandardCharsets.UTF_8));
    }

    private static String resource(String name) {
        try (InputStream stream = HtmlReport.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("report: resource " + name + " is missing from the class path");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String number(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.6g", value) : "null";
    }

    private static String quote(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("<", "\\u003c") + "\"";
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
