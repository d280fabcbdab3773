package coco.evm.testing;

import coco.evm.state.StateChanges;
import coco.evm.types.Address;
import coco.evm.types.Word;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a transaction changed, as text and in order. */
public final class RecordedChanges implements StateChanges {
    private final List<String> lines = new ArrayList<>();

    public List<String> lines() {
        return lines;
    }

    @Override
    public void accountDestroyed(Address address) {
        lines.add("destroyed " + address);
    }

    @Override
    public void accountChanged(Address address, long nonce, Word balance, byte[] codeHash, byte @Nullable [] newCode) {
        String code = newCode == null ? "-" : HexFormat.of().formatHex(newCode);
        lines.add("%s %d %s %s %s"
                .formatted(address, nonce, balance, HexFormat.of().formatHex(codeHash), code));
    }

    @Override
    public void slotChanged(Address address, Word key, Word value) {
        lines.add("%s %s %s".formatted(address, key, value));
    }
}
