package coco.governance.script;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What parent and child say to each other over the child's standard streams. A frame is a length (4 bytes, big-endian),
 * a kind (1 byte) and text in UTF-8. A call is three frames (function, source, arguments), an answer is one; one frame
 * comes first of all, when the child is ready. Lengths are checked before anything is allocated.
 */
final class ScriptFrames {
    /** Kind of an answer that holds a result; others are 1 + the place of a {@link ScriptOutcome.Failure}. */
    private static final int DONE = 0;

    private static final List<ScriptCall.Function> FUNCTIONS = List.of(ScriptCall.Function.values());
    private static final List<ScriptOutcome.Failure> FAILURES = List.of(ScriptOutcome.Failure.values());

    /** @param kind see {@link #DONE} */
    private record Frame(int kind, String text) {}

    private ScriptFrames() {}

    static void writeCall(DataOutputStream out, ScriptCall call) throws IOException {
        write(out, FUNCTIONS.indexOf(call.function()), call.function().export());
        write(out, DONE, call.source());
        write(out, DONE, call.arguments());
        out.flush();
    }

    static ScriptCall readCall(DataInputStream in, int maxBytes) throws IOException {
        ScriptCall.Function function = FUNCTIONS.get(read(in, maxBytes).kind());
        String source = read(in, maxBytes).text();
        return new ScriptCall(source, function, read(in, maxBytes).text());
    }

    static void writeOutcome(DataOutputStream out, ScriptOutcome<String> outcome) throws IOException {
        switch (outcome) {
            case ScriptOutcome.Done<String> done -> write(out, DONE, done.value());
            case ScriptOutcome.Failed<String> failed ->
                write(out, 1 + FAILURES.indexOf(failed.reason()), failed.words());
        }
        out.flush();
    }

    static ScriptOutcome<String> readOutcome(DataInputStream in, int maxBytes) throws IOException {
        Frame frame = read(in, maxBytes);
        if (frame.kind() == DONE) {
            return new ScriptOutcome.Done<>(frame.text());
        }
        if (frame.kind() > FAILURES.size()) {
            throw new IOException("an answer of an unknown kind");
        }
        return ScriptOutcome.failed(FAILURES.get(frame.kind() - 1), frame.text());
    }

    private static void write(DataOutputStream out, int kind, String text) throws IOException {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(encoded.length);
        out.writeByte(kind);
        out.write(encoded);
    }

    private static Frame read(DataInputStream in, int maxBytes) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > maxBytes) {
            throw new IOException("a frame of more than " + maxBytes + " bytes");
        }
        int kind = in.readUnsignedByte();
        byte[] encoded = new byte[length];
        in.readFully(encoded);
        return new Frame(kind, new String(encoded, StandardCharsets.UTF_8));
    }
}
