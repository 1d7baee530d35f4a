package dev.carillon.api;

import static akka.http.javadsl.server.Directives.concat;
import static akka.http.javadsl.server.Directives.encodeResponse;
import static akka.http.javadsl.server.Directives.get;
import static akka.http.javadsl.server.Directives.getFromResource;
import static akka.http.javadsl.server.Directives.path;
import static akka.http.javadsl.server.Directives.pathSingleSlash;
import static akka.http.javadsl.server.Directives.respondWithHeaders;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpCharsets;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.model.headers.RawHeader;
import akka.http.javadsl.server.PathMatchers;
import akka.http.javadsl.server.Route;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;

/** What a browser gets: the live page, the contract and its rendering. All of it from the classpath, none of it secret. */
final class WebPages {

    private static final ContentType CSS = MediaTypes.TEXT_CSS.toContentType(HttpCharsets.UTF_8);
    private static final ContentType JAVASCRIPT = MediaTypes.APPLICATION_JAVASCRIPT.toContentType(HttpCharsets.UTF_8);
    private static final ContentType SVG = MediaTypes.IMAGE_SVG_XML.toContentType();
    private static final ContentType YAML = ContentTypes.create(MediaTypes.customBinary("application", "yaml", true));

    private static final String SWAGGER_UI = "META-INF/resources/webjars/swagger-ui/" + swaggerUiVersion() + "/";

    /** Pages may load from this server only. The documentation's renderer sets styles and shows pictures from data: addresses. */
    private static final List<HttpHeader> GUARDS = List.of(
            RawHeader.create(
                    "Content-Security-Policy",
                    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"),
            RawHeader.create("X-Content-Type-Options", "nosniff"),
            RawHeader.create("Referrer-Policy", "no-referrer"),
            // Ask each time whether it has changed: a new version must not meet an old script.
            RawHeader.create("Cache-Control", "no-cache"));

    private WebPages() {}

    static Route route() {
        return respondWithHeaders(
                GUARDS,
                () -> encodeResponse(() -> concat(
                        pathSingleSlash(() -> file("web/live.html", ContentTypes.TEXT_HTML_UTF8)),
                        at("live.css", "web/live.css", CSS),
                        at("live.js", "web/live.js", JAVASCRIPT),
                        at("words.js", "web/words.js", JAVASCRIPT),
                        at("favicon.svg", "web/favicon.svg", SVG),
                        at("api/openapi.yaml", "openapi/carillon.yaml", YAML),
                        at("docs", "web/docs.html", ContentTypes.TEXT_HTML_UTF8),
                        at("docs/docs.js", "web/docs.js", JAVASCRIPT),
                        at("docs/swagger-ui.css", SWAGGER_UI + "swagger-ui.css", CSS),
                        at("docs/swagger-ui-bundle.js", SWAGGER_UI + "swagger-ui-bundle.js", JAVASCRIPT))));
    }

    private static Route at(String address, String resource, ContentType type) {
        return path(PathMatchers.separateOnSlashes(address), () -> file(resource, type));
    }

    private static Route file(String resource, ContentType type) {
        return get(() -> getFromResource(resource, type));
    }

    /** The archive's folder is named after its version; the archive says which that is. */
    private static String swaggerUiVersion() {
        var description = "/META-INF/maven/org.webjars/swagger-ui/pom.properties";
        try (var stream = WebPages.class.getResourceAsStream(description)) {
            if (stream == null) {
                throw new IllegalStateException("org.webjars:swagger-ui is missing from the classpath.");
            }
            var properties = new Properties();
            properties.load(stream);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
