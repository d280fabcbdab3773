package coco.client.signing;

import coco.governance.cose.SignerException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which slot a token is in. The JDK's provider wants the number of a slot, which tokens in software change when they
 * are made anew, and cannot look for a label; so this asks the library itself (PKCS #11 v2.40, sections 5.4 and 5.5).
 */
final class TokenSlots {
    private static final long OK = 0;
    private static final long ALREADY_INITIALIZED = 0x191;
    private static final int SLOTS_MAX = 256;
    // CK_TOKEN_INFO: label, manufacturer (32 bytes each), model, serial number (16 each), then numbers.
    private static final int LABEL_BYTES = 32;
    private static final int SERIAL_OFFSET = 80;
    private static final int SERIAL_BYTES = 16;
    private static final int INFO_BYTES = 512;
    /** CK_ULONG is C's {@code unsigned long}; where that is not 8 bytes, the numbers of slots would be misread. */
    private static final ValueLayout.OfLong ULONG = ValueLayout.JAVA_LONG;

    private final Linker linker = Linker.nativeLinker();
    private final SymbolLookup library;
    private final Path module;

    /** Loaded for the life of the process: libraries of tokens do not like to be unloaded. */
    @SuppressWarnings("restricted")
    private TokenSlots(Path module) {
        this.module = module;
        try {
            this.library = SymbolLookup.libraryLookup(module, Arena.global());
        } catch (IllegalArgumentException e) {
            throw new SignerException("pkcs11: cannot load " + module, e);
        }
    }

    /** Finds the one token with this label and this serial number; null for any. */
    static long find(Path module, @Nullable String label, @Nullable String serial) {
        MemoryLayout longs = Linker.nativeLinker().canonicalLayouts().get("long");
        if (longs == null || longs.byteSize() != ULONG.byteSize()) {
            throw new SignerException("pkcs11: name the slot by slot-id on this machine");
        }
        TokenSlots slots = new TokenSlots(module);
        long initialised = slots.call("C_Initialize", MemorySegment.NULL);
        if (initialised != OK && initialised != ALREADY_INITIALIZED) {
            throw slots.failed("C_Initialize", initialised);
        }
        try {
            List<Long> found = slots.matching(label, serial);
            if (found.size() != 1) {
                throw new SignerException(
                        "pkcs11: " + found.size() + " tokens of " + module + " have this label and serial number");
            }
            return found.getFirst();
        } finally {
            // Who had it initialised before still needs it.
            if (initialised == OK) {
                slots.call("C_Finalize", MemorySegment.NULL);
            }
        }
    }

    private List<Long> matching(@Nullable String label, @Nullable String serial) {
        List<Long> found = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(ULONG);
            count.set(ULONG, 0, SLOTS_MAX);
            MemorySegment ids = arena.allocate(ULONG, SLOTS_MAX);
            check("C_GetSlotList", call("C_GetSlotList", (byte) 1, ids, count));
            MemorySegment info = arena.allocate(INFO_BYTES, ULONG.byteAlignment());
            for (long i = 0; i < Math.min(count.get(ULONG, 0), SLOTS_MAX); i++) {
                long slot = ids.getAtIndex(ULONG, i);
                check("C_GetTokenInfo", call("C_GetTokenInfo", slot, info));
                boolean matches = (label == null || label.equals(text(info, 0, LABEL_BYTES)))
                        && (serial == null || serial.equals(text(info, SERIAL_OFFSET, SERIAL_BYTES)));
                if (matches) {
                    found.add(slot);
                }
            }
        }
        return found;
    }

    /** Text padded with spaces. */
    private static String text(MemorySegment info, int offset, int length) {
        byte[] bytes = info.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
        return new String(bytes, StandardCharsets.UTF_8).stripTrailing();
    }

    /** Calls a function of the library; all of them give CK_RV, an unsigned long. */
    @SuppressWarnings("restricted")
    private long call(String name, Object... arguments) {
        MemoryLayout[] layouts = new MemoryLayout[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            layouts[i] = switch (arguments[i]) {
                case Byte _ -> ValueLayout.JAVA_BYTE;
                case Long _ -> ULONG;
                default -> ValueLayout.ADDRESS;
            };
        }
        MemorySegment function =
                library.find(name).orElseThrow(() -> new SignerException("pkcs11: " + module + " has no " + name));
        MethodHandle handle = linker.downcallHandle(function, FunctionDescriptor.of(ULONG, layouts));
        try {
            return (long) handle.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new SignerException("pkcs11: " + name + " of " + module, e);
        }
    }

    private void check(String name, long code) {
        if (code != OK) {
            throw failed(name, code);
        }
    }

    private SignerException failed(String name, long code) {
        return new SignerException("pkcs11: " + name + " of " + module + " gave 0x" + Long.toHexString(code));
    }
}
