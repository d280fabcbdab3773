package coco.node;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.Duration;
import ch.qos.logback.core.util.FileSize;
import coco.node.config.Configuration;
import coco.node.config.Keys;
import coco.node.config.LogFormat;
import coco.node.config.LogLevel;
import java.util.logging.LogManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where log lines go and how they look: standard output or a bounded file, one line or one JSON object each. Log lines
 * hold counts, sizes, heights, names and hashes, never what a client sent.
 */
final class Logging {
    /** Libraries speak up only when something is wrong: their lines may quote what they handled. */
    private static final Level LIBRARIES = Level.ERROR;

    /** How long a file may be too large: logback looks once a minute otherwise. */
    private static final int SIZE_CHECK_SECONDS = 1;

    private static final String STANDARD_OUTPUT = "-";

    private static final String PATTERN =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX, UTC} %-5level [%thread] %logger{0}: %msg%n%ex{12}";

    private Logging() {}

    /** Lines to standard output, until a configuration says more. */
    static void configure() {
        configure(LogLevel.INFO, LogFormat.TEXT, STANDARD_OUTPUT, 0);
    }

    /** As a configuration wants it. */
    static void configure(Configuration configuration) {
        configure(
                configuration.get(Keys.LOG_LEVEL),
                configuration.get(Keys.LOG_FORMAT),
                configuration.get(Keys.LOG_FILE),
                configuration.get(Keys.LOG_MAX_BYTES));
    }

    private static void configure(LogLevel level, LogFormat format, String file, long maxBytes) {
        LogManager.getLogManager().reset();
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        OutputStreamAppender<ILoggingEvent> appender =
                file.equals(STANDARD_OUTPUT) ? new ConsoleAppender<>() : bounded(context, file, maxBytes);
        appender.setContext(context);
        appender.setEncoder(encoder(context, format));
        appender.start();
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(LIBRARIES);
        root.addAppender(appender);
        context.getLogger("coco").setLevel(Level.toLevel(level.name()));
    }

    /** A file, and the one before it. */
    private static RollingFileAppender<ILoggingEvent> bounded(LoggerContext context, String file, long maxBytes) {
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        FixedWindowRollingPolicy window = new FixedWindowRollingPolicy();
        window.setContext(context);
        window.setParent(appender);
        window.setFileNamePattern(file + ".%i");
        window.setMinIndex(1);
        window.setMaxIndex(1);
        SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
        size.setContext(context);
        size.setMaxFileSize(new FileSize(maxBytes));
        size.setCheckIncrement(Duration.buildBySeconds(SIZE_CHECK_SECONDS));
        appender.setContext(context);
        appender.setFile(file);
        appender.setRollingPolicy(window);
        appender.setTriggeringPolicy(size);
        window.start();
        size.start();
        return appender;
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
}
