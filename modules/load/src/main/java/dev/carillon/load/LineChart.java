package dev.carillon.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lines over time, as an SVG that needs nothing else. */
final class LineChart {

    private static final int WIDTH = 900;
    private static final int HEIGHT = 240;
    private static final int LEFT = 64;
    private static final int RIGHT = 12;
    private static final int TOP = 12;
    private static final int BOTTOM = 28;
    private static final int STEPS = 5;

    /** Told apart also by those who see few colours. */
    private static final List<String> COLOURS = List.of("#0f5c6e", "#d55e00", "#7b3fa0", "#17783f", "#b3261e");

    private final String title;
    private final String unit;
    private final List<Line> lines = new ArrayList<>();

    private record Line(String name, List<double[]> points) {}

    /** @param unit of what is drawn, for example {@code ms} */
    LineChart(String title, String unit) {
        this.title = title;
        this.unit = unit;
    }

    /** @param points seconds and values */
    LineChart line(String name, List<double[]> points) {
        lines.add(new Line(name, points));
        return this;
    }

    /** The figure, with its caption and the meaning of its colours. */
    String html() {
        var figure = new StringBuilder("<figure><figcaption>" + ReportPage.escaped(title + ", " + unit));
        for (var i = 0; i < lines.size(); i++) {
            figure.append(String.format(
                    " <span class=\"line\" style=\"color:%s\">&#9632; %s</span>",
                    colour(i), ReportPage.escaped(lines.get(i).name())));
        }
        return figure.append("</figcaption>")
                .append(svg())
                .append("</figure>\n")
                .toString();
    }

    private String svg() {
        var most = roundedUp(values(1));
        var longest = Math.max(1, values(0));
        var svg = new StringBuilder(String.format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
                WIDTH, HEIGHT, ReportPage.escaped(title)));
        for (var step = 0; step <= STEPS; step++) {
            var value = most * step / STEPS;
            svg.append(String.format(
                    Locale.ROOT,
                    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
                            + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
                    LEFT,
                    WIDTH - RIGHT,
                    y(value, most),
                    y(value, most),
                    LEFT - 6,
                    y(value, most) + 4,
                    shown(value)));
            var second = longest * step / STEPS;
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s s</text>",
                    x(second, longest),
                    HEIGHT - 8,
                    shown(second)));
        }
        for (var i = 0; i < lines.size(); i++) {
            svg.append("<polyline fill=\"none\" stroke=\"" + colour(i) + "\" stroke-width=\"1.5\" points=\"");
            for (var point : lines.get(i).points()) {
                svg.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(point[0], longest), y(point[1], most)));
            }
            svg.append("\"/>");
        }
        return svg.append("</svg>").toString();
    }

    private double values(int which) {
        return lines.stream()
                .flatMap(line -> line.points().stream())
                .mapToDouble(point -> point[which])
                .max()
                .orElse(0);
    }

    private static double x(double second, double longest) {
        return LEFT + (WIDTH - LEFT - RIGHT) * second / longest;
    }

    private static double y(double value, double most) {
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / most;
    }

    /** To the next of 1, 2, 2.5, 5, 10 and so on, so that the steps of the scale are round. */
    static double roundedUp(double value) {
        if (value <= 0) {
            return 1;
        }
        var power = Math.pow(10, Math.floor(Math.log10(value)));
        for (var step : new double[] {1, 2, 2.5, 5}) {
            if (value <= step * power * (1 + 1e-9)) {
                return step * power;
            }
        }
        return 10 * power;
    }

    private static String shown(double value) {
        return String.format(Locale.ROOT, value == Math.rint(value) ? "%,.0f" : value < 1 ? "%.2f" : "%.1f", value);
    }

    private static String colour(int line) {
        return COLOURS.get(line % COLOURS.size());
    }
}
