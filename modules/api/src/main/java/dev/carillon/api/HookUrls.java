package dev.carillon.api;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The addresses of decision hooks that the operator of the nodes allows: everything that begins with one of these. Compared is what will be
 * asked, not text: {@code https://crm.example} does not allow {@code https://crm.example.net}, nor {@code /route} {@code /routes}.
 */
record HookUrls(List<Prefix> prefixes) {

    /** @param path never empty */
    private record Prefix(String scheme, String host, int port, String path) {

        boolean includes(Prefix url) {
            return scheme.equals(url.scheme)
                    && host.equals(url.host)
                    && port == url.port
                    && (url.path.equals(path) || url.path.startsWith(path.endsWith("/") ? path : path + "/"));
        }
    }

    /** @param text with blanks or commas between several */
    static HookUrls of(String text) {
        return new HookUrls(Arrays.stream(text.split("[\\s,]+", -1))
                .flatMap(url -> prefix(url).stream())
                .toList());
    }

    boolean include(String url) {
        return prefix(url)
                .filter(asked -> prefixes.stream().anyMatch(prefix -> prefix.includes(asked)))
                .isPresent();
    }

    /** Empty when it is no address of a hook, or one of which two servers might think differently. */
    private static Optional<Prefix> prefix(String text) {
        try {
            var url = URI.create(text);
            var path = url.getRawPath();
            if (url.getScheme() == null
                    || url.getHost() == null
                    || url.getUserInfo() != null
                    || path.contains("..")
                    || path.contains("//")
                    || path.toLowerCase(Locale.ROOT).matches(".*%(2e|2f|5c).*")) {
                return Optional.empty();
            }
            var scheme = url.getScheme().toLowerCase(Locale.ROOT);
            int usual = scheme.equals("https") ? 443 : 80;
            return Optional.of(new Prefix(
                    scheme,
                    url.getHost().toLowerCase(Locale.ROOT),
                    url.getPort() < 0 ? usual : url.getPort(),
                    path.isEmpty() ? "/" : path));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
