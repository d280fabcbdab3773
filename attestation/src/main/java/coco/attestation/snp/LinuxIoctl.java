package coco.attestation.snp;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import coco.attestation.AttestationException;
import coco.attestation.AttestationException.Code;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/** open, ioctl and close of the C library. Opens the device anew for each call, which costs next to nothing. */
final class LinuxIoctl implements SevGuestDevice.Ioctl {
    private static final int READ_WRITE_CLOSE_ON_EXEC = 0x2 | 0x80000;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERROR_NUMBER = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");

    // open and ioctl take further arguments by "...", which some machines pass otherwise than named ones.
    private static final MethodHandle OPEN = handle(
            "open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), CAPTURE, Linker.Option.firstVariadicArg(2));
    private static final MethodHandle IOCTL = handle(
            "ioctl",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
            CAPTURE,
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE = handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private final Path device;

    LinuxIoctl(Path device) {
        this.device = device;
    }

    @SuppressWarnings("restricted")
    private static MethodHandle handle(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
    }

    @Override
    public int call(long request, MemorySegment argument) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int file = (int) OPEN.invokeExact(state, arena.allocateFrom(device.toString()), READ_WRITE_CLOSE_ON_EXEC);
            if (file < 0) {
                throw new AttestationException(
                        Code.PLATFORM,
                        device + " cannot be opened: error number " + (int) ERROR_NUMBER.get(state, 0L),
                        null);
            }
            int result = (int) IOCTL.invokeExact(state, file, request, argument);
            int error = result == 0 ? 0 : (int) ERROR_NUMBER.get(state, 0L);
            int closed = (int) CLOSE.invokeExact(file);
            return error != 0 ? error : Math.abs(closed);
        } catch (AttestationException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a call of the C library failed", e);
        }
    }
}
