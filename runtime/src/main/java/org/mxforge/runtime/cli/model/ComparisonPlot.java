package org.mxforge.runtime.cli.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A picture of recipes: what a weight takes against how well the model still expects a text, as SVG.
 *
 * @param results at least one
 * @param title what was compared
 */
record ComparisonPlot(List<Compared> results, String title) {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 380;
    private static final int LEFT = 70;
    private static final int RIGHT = 40;
    private static final int TOP = 64;
    private static final int BOTTOM = 55;
    private static final int TICKS = 4;
    private static final double MOST_BITS = 18;

    /** About the size of a letter. */
    private static final double LETTER = 6.5;

    private static final int LINE = 16;

    /** Of a point. */
    private static final int RADIUS = 5;

    /** Where the name of a point stands, or, as two letters, the point itself. */
    private record Label(double x, double y, int letters) {
        boolean covers(Label other) {
            return Math.abs(x - other.x) < LETTER * (letters + other.letters) / 2 && Math.abs(y - other.y) < LINE;
        }

        Label higher() {
            return new Label(x, y - LINE, letters);
        }
    }

    String svg() {
        double least = results.stream().mapToDouble(Compared::perplexity).min().orElseThrow();
        double most = results.stream().mapToDouble(Compared::perplexity).max().orElseThrow();
        double room = most > least ? 0.1 * (most - least) : 1;
        double low = least - room;
        double high = most + room;
        StringBuilder svg = new StringBuilder();
        svg.append(text(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"13\">\n",
                WIDTH, HEIGHT));
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        label(svg, LEFT, 24, "start", title);
        axes(svg, low, high);
        List<Label> taken = new ArrayList<>();
        for (Compared result : results) {
            taken.add(new Label(
                    x(result.size().bitsPerWeight()), y(result.perplexity(), low, high) + LINE - 2 * RADIUS, 2));
        }
        for (Compared result : results) {
            double x = x(result.size().bitsPerWeight());
            double y = y(result.perplexity(), low, high);
            svg.append(text("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%d\" fill=\"#1f6feb\"/>\n", x, y, RADIUS));
            Label above = new Label(x, y - 2 * RADIUS, result.recipe().text().length());
            Label label = free(above, taken);
            if (label.y() < above.y()) {
                line(svg, x, y - RADIUS, x, label.y() + 2);
            }
            taken.add(label);
            label(svg, label.x(), label.y(), "middle", result.recipe().text());
        }
        return svg.append("</svg>\n").toString();
    }

    /** Above a point, below it, or as high as other names and points leave room. */
    private static Label free(Label above, List<Label> taken) {
        Label below = new Label(above.x(), above.y() + 2 * LINE, above.letters());
        if (isFree(above, taken) || !isFree(below, taken) || below.y() > HEIGHT - BOTTOM) {
            Label label = above;
            while (!isFree(label, taken)) {
                label = label.higher();
            }
            return label;
        }
        return below;
    }

    private static boolean isFree(Label label, List<Label> taken) {
        return taken.stream().noneMatch(label::covers);
    }

    private static void axes(StringBuilder svg, double low, double high) {
        for (int bits = 0; bits <= MOST_BITS; bits += 4) {
            line(svg, x(bits), TOP, x(bits), HEIGHT - BOTTOM);
            label(svg, x(bits), HEIGHT - BOTTOM + 18, "middle", String.valueOf(bits));
        }
        for (int i = 0; i <= TICKS; i++) {
            double value = low + i * (high - low) / TICKS;
            double y = y(value, low, high);
            line(svg, LEFT, y, WIDTH - RIGHT, y);
            label(svg, LEFT - 8, y + 4, "end", text("%.1f", value));
        }
        label(svg, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 12, "middle", "bits of a weight, scales included");
        label(svg, 8, TOP - 16, "start", "perplexity");
    }

    private static double x(double bits) {
        return LEFT + bits / MOST_BITS * (WIDTH - LEFT - RIGHT);
    }

    private static double y(double value, double low, double high) {
        return TOP + (high - value) / (high - low) * (HEIGHT - TOP - BOTTOM);
    }

    private static void line(StringBuilder svg, double x1, double y1, double x2, double y2) {
        svg.append(
                text("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#d0d7de\"/>\n", x1, y1, x2, y2));
    }

    private static void label(StringBuilder svg, double x, double y, String anchor, String label) {
        String escaped = label.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        svg.append(text("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n", x, y, anchor, escaped));
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
