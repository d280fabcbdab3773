package coco.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.rmi.server.UID;
import java.util.List;
import javax.swing.event.EventListenerList;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.GroupMismatchException;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.LeaderSteppingDownException;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.protocol.exceptions.ReadIndexException;
import org.apache.ratis.protocol.exceptions.ResourceUnavailableException;
import org.apache.ratis.protocol.exceptions.ServerNotReadyException;
import org.apache.ratis.protocol.exceptions.StateMachineException;
import org.apache.ratis.protocol.exceptions.TimeoutIOException;
import org.junit.jupiter.api.Test;

final class SerialFilterTest {
    /** What an attacker would send: a class of ours with a method that runs when it is read. */
    private record Foreign(String content) implements Serializable {}

    private static Object read(Serializable object) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            in.setObjectInputFilter(ObjectInputFilter.Config.createFilter(SerialFilter.VALUE));
            return in.readObject();
        }
    }

    @Test
    void shouldLetRatisExceptionsPass() throws Exception {
        RaftGroupMemberId member = RaftGroupMemberId.valueOf(RaftPeerId.valueOf("a"), RaftGroupId.randomId());
        List<Exception> honest = List.of(
                new NotLeaderException(member, null, List.of()),
                new LeaderSteppingDownException("stepping down"),
                new StateMachineException("vetoed", false),
                new StateMachineException(member, new IOException("of the state machine", new ArithmeticException())),
                new ResourceUnavailableException("full"),
                new ServerNotReadyException("starting"),
                new GroupMismatchException("another group"),
                new ReadIndexException("no majority"),
                new TimeoutIOException("late"),
                new IOException("disk", new InterruptedException()));
        for (Exception exception : honest) {
            assertThatCode(() -> read(exception)).as(exception.toString()).doesNotThrowAnyException();
            assertThat(read(exception)).hasSameClassAs(exception).hasToString(exception.toString());
        }
    }

    @Test
    void shouldDenyForeignClasses() {
        List<Serializable> foreign = List.of(
                new Foreign("gadget"),
                // Of the client protocol, which is closed; it carries a protobuf
                // message, whose form on the wire names any class.
                new LeaderNotReadyException(RaftGroupMemberId.valueOf(RaftPeerId.valueOf("a"), RaftGroupId.randomId())),
                new ConsensusException(ConsensusException.Code.USAGE, "even our own"),
                new UID(),
                new EventListenerList(),
                (Runnable & Serializable) () -> {},
                new IOException("with a foreign cause", new ConsensusException(ConsensusException.Code.USAGE, "x")));
        for (Serializable object : foreign) {
            assertThatExceptionOfType(InvalidClassException.class)
                    .as(object.getClass().getName())
                    .isThrownBy(() -> read(object));
        }
    }

    @Test
    void shouldDenyHugeArrays() {
        assertThatExceptionOfType(InvalidClassException.class).isThrownBy(() -> read(new long[200_000]));
    }
}
