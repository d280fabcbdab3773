package coco.node;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import coco.node.config.LogFormat;
import coco.node.config.LogLevel;
import java.util.Arrays;
import java.util.logging.LogManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where log lines go and how they look: standard output, one line or one JSON object each. Log lines hold counts, sizes,
 * heights, names and hashes, never what a client sent.
 */
final class Logging {
    /** Libraries speak up only when something is wrong: their lines may quote what they handled. */
    private static final Level LIBRARIES = Level.ERROR;

    private static final String PATTERN =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX, UTC} %-5level [%thread] %logger{0}: %msg%n%ex{12}";
    private static final int FRAMES = 8;

    private Logging() {}

    static void configure(LogLevel level, LogFormat format) {
        LogManager.getLogManager().reset();
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setEncoder(encoder(context, format));
        console.start();
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(LIBRARIES);
        root.addAppender(console);
        context.getLogger("coco").setLevel(Level.toLevel(level.name()));
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context, LogFormat format) {
        Encoder<ILoggingEvent> encoder = switch (format) {
            case JSON -> new JsonEncoder();
            case TEXT -> {
                PatternLayoutEncoder text = new PatternLayoutEncoder();
                text.setPattern(PATTERN);
                yield text;
            }
        };
        encoder.setContext(context);
        encoder.start();
        return encoder;
    }

    /**
     * A failure without its text, which may quote what a client sent: kinds and places of it and its causes.
     */
    static String withoutText(Throwable failure) {
        StringBuilder out = new StringBuilder();
        Throwable at = failure;
        for (int depth = 0; at != null && depth < 4; depth++) {
            out.append(depth == 0 ? "" : " caused by ").append(at.getClass().getName());
            Arrays.stream(at.getStackTrace())
                    .limit(FRAMES)
                    .forEach(frame -> out.append(" < ").append(frame));
            at = at.getCause();
        }
        return out.toString();
    }
}
