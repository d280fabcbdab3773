package coco.systemtests.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import org.junit.jupiter.api.Test;

class StraceTest {
    private static List<SystemCall> read(String... lines) throws IOException {
        return Strace.parse(new BufferedReader(new StringReader(String.join("\n", lines))));
    }

    @Test
    void shouldReadNameArgumentsResultAndTimesWhenACallIsWhole() throws IOException {
        SystemCall call =
                read("101 1764128400.000100 openat(AT_FDCWD</n>, \"/n/a (1), b\", O_RDWR|O_CREAT, 0666) = 7</n/a> <1.000020>")
                        .getFirst();
        assertThat(call.name()).isEqualTo("openat");
        assertThat(call.text(1)).isEqualTo("/n/a (1), b");
        assertThat(call.arguments()).hasSize(4);
        assertThat(call.result()).isEqualTo(7);
        assertThat(call.startMicros()).isEqualTo(1_764_128_400_000_100L);
        assertThat(call.endMicros() - call.startMicros()).isEqualTo(1_000_020);
    }

    @Test
    void shouldReadBytesWhenTheyAreEscaped() throws IOException {
        SystemCall call =
                read("101 1764128400.000100 write(7</n/a>, \"R1\\0\\12\\0018\\377\\n\\\"\\\\)x\", 11) = 11 <0.000020>")
                        .getFirst();
        assertThat(call.bytes(1)).containsExactly('R', '1', 0, 10, 1, '8', 0xff, '\n', '"', '\\', ')', 'x');
        assertThat(call.target(0)).isEqualTo("/n/a");
        assertThat(call.number(0)).isEqualTo(7);
    }

    @Test
    void shouldReadAllPartsWhenBytesAreGathered() throws IOException {
        SystemCall call =
                read("101 1764128400.000100 writev(7<socket:[5]>, [{iov_base=\"ab\", iov_len=2}, {iov_base=\"c\", iov_len=1}], 2) = 3 <0.000020>")
                        .getFirst();
        assertThat(call.text(1)).isEqualTo("abc");
        assertThat(call.target(0)).isEqualTo("socket:[5]");
    }

    @Test
    void shouldJoinPartsWhenAnotherThreadCutsACallInTwo() throws IOException {
        List<SystemCall> calls = read(
                "101 1764128400.000100 write(7</n/a>, \"ab\", 2 <unfinished ...>",
                "102 1764128400.000150 fsync(8</n/b>) = 0 <0.000010>",
                "101 1764128400.000300 <... write resumed>) = 2 <0.000200>");
        assertThat(calls).extracting(SystemCall::name).containsExactly("fsync", "write");
        assertThat(calls.getLast().text(1)).isEqualTo("ab");
        assertThat(calls.getLast().startMicros()).isEqualTo(1_764_128_400_000_100L);
        assertThat(calls.getLast().endMicros()).isEqualTo(1_764_128_400_000_300L);
    }

    @Test
    void shouldLeaveACallOutWhenItNeverReturned() throws IOException {
        assertThat(read(
                        "101 1764128400.000100 fsync(7</n/a> <unfinished ...>",
                        "101 1764128400.000200 <... fsync resumed>) = ?",
                        "101 1764128400.000300 +++ killed by SIGKILL +++"))
                .isEmpty();
    }

    @Test
    void shouldSayThatACallFailedWhenItDid() throws IOException {
        assertThat(
                        read("101 1764128400.000100 rename(\"/n/a\", \"/n/b\") = -1 ENOENT (No such file or directory) <0.000020>")
                                .getFirst()
                                .result())
                .isNegative();
    }

    @Test
    void shouldRefuseWhenBytesWereCutShort() throws IOException {
        SystemCall call = read("101 1764128400.000100 write(7</n/a>, \"ab\"..., 1000) = 1000 <0.000020>")
                .getFirst();
        assertThatIllegalStateException().isThrownBy(() -> call.bytes(1)).withMessageContaining("in part");
    }
}
