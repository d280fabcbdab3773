package coco.evm.types;

import java.util.List;

/**
 * One event as LOG0 to LOG4 write it.
 *
 * @param address the contract that wrote it
 * @param topics up to four topics of 32 bytes each
 * @param data the rest; neither the topics nor the data may be changed by whoever holds the log
 */
@SuppressWarnings("ArrayRecordComponent") // Logs are written and read, never compared.
public record Log(Address address, List<byte[]> topics, byte[] data) {
    public Log {
        topics = List.copyOf(topics);
    }
}
