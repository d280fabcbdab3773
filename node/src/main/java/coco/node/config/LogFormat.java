package coco.node.config;

/** How log lines look. */
public enum LogFormat {
    /** One line of text, for people. */
    TEXT,
    /** One JSON object a line, for collectors. */
    JSON
}
