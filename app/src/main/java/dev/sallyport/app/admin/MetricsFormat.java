package dev.sallyport.app.admin;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Locale;

/** The two text forms of metrics, and which of them a client wants (RFC 9110 section 12.5.1). */
public enum MetricsFormat {
    PROMETHEUS("text/plain; version=0.0.4; charset=utf-8"),
    OPEN_METRICS("application/openmetrics-text; version=1.0.0; charset=utf-8");

    private static final String OPEN_METRICS_TYPE = "application/openmetrics-text";
    private static final String OPEN_METRICS_VERSION = "1.0.0";
    /** Anything from now on makes no difference. */
    private static final int RANGES_MAX = 32;

    private final String mediaType;

    MetricsFormat(String mediaType) {
        this.mediaType = requireNonNull(mediaType, "mediaType is null");
    }

    public String mediaType() {
        return mediaType;
    }

    /**
     * OpenMetrics 1.0 for those that name it and do not prefer plain text; else the older form, which everybody reads.
     *
     * @param accept the fields of that name
     */
    static MetricsFormat accepted(List<String> accept) {
        double openMetrics = 0;
        double plain = 0;
        int ranges = 0;
        for (String range : String.join(",", accept).split(",", RANGES_MAX + 1)) {
            if (++ranges > RANGES_MAX) {
                break;
            }
            String[] parts = range.split(";");
            double weight = 1;
            boolean readable = true;
            for (int i = 1; i < parts.length; i++) {
                String parameter = parts[i].strip().toLowerCase(Locale.ROOT);
                if (parameter.startsWith("q=")) {
                    weight = weight(parameter.substring(2));
                } else if (parameter.startsWith("version=")) {
                    readable &= parameter.substring(8).replace("\"", "").equals(OPEN_METRICS_VERSION);
                }
            }
            switch (parts[0].strip().toLowerCase(Locale.ROOT)) {
                case OPEN_METRICS_TYPE -> openMetrics = Math.max(openMetrics, readable ? weight : 0);
                case "text/plain" -> plain = Math.max(plain, weight);
                default -> {} // ranges with stars are content with what everybody reads
            }
        }
        return openMetrics > 0 && openMetrics >= plain ? OPEN_METRICS : PROMETHEUS;
    }

    /** From 0 to 1 with up to three digits behind the point; 0 for what is no weight. */
    private static double weight(String text) {
        return text.matches("0(\\.[0-9]{0,3})?|1(\\.0{0,3})?") ? Double.parseDouble(text) : 0;
    }
}
