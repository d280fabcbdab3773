package coco.node.config;

/** The least severe line that is still written. */
public enum LogLevel {
    /** What an operator has to act upon. */
    ERROR,
    /** What an operator should know. */
    WARN,
    /** Life-cycle events. */
    INFO,
    /** What a developer of this software wants to see; never private data either. */
    DEBUG
}
