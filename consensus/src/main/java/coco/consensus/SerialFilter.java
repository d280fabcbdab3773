package coco.consensus;

/**
 * What may pass Java deserialisation in a process that runs the replicated log.
 *
 * <p>Ratis sends exceptions between peers as serialised Java objects and reads them with a bare {@code
 * ObjectInputStream}. An admitted but broken peer could thus make any class of the class path be instantiated. Every
 * launcher therefore starts the JVM with {@code -Djdk.serialFilter=}{@link #VALUE}; the Ratis log warns when it starts
 * in a JVM without a filter.
 *
 * <p>What a filter cannot stop: Ratis also makes exceptions by the class name in a reply. Those must extend {@code
 * Throwable} and are given a message only.
 */
public final class SerialFilter {
    /** The system property of the JVM (JEP 290). */
    public static final String PROPERTY = "jdk.serialFilter";

    /**
     * Exceptions of the JDK and of Ratis as its servers send them to each other, and what they hold; nothing else. The
     * limits are far above any honest exception.
     */
    public static final String VALUE = "maxdepth=40;maxrefs=20000;maxbytes=1048576;maxarray=100000;"
            + "java.lang.**;java.io.*;java.util.*;java.util.concurrent.*;java.net.*;org.apache.ratis.protocol.**;!*";

    private SerialFilter() {}
}
