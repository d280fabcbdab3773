package coco.evm.testing;

import coco.crypto.Keccak256;
import coco.evm.types.Address;
import coco.evm.types.Word;

/**
 * A token as Solidity would write it, by hand: {@code transfer(address,uint256)} and {@code balanceOf(address)},
 * balances in a mapping at slot 0, a Transfer event, and a revert for whoever has too little.
 */
public final class TokenProgram {
    public static final Word TRANSFER_TOPIC =
            Word.fromHex("ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef");
    private static final long TRANSFER = 0xA9059CBBL;
    private static final long BALANCE_OF = 0x70A08231L;

    private static final int ADD = 0x01;
    private static final int SUB = 0x03;
    private static final int LT = 0x10;
    private static final int EQ = 0x14;
    private static final int SHR = 0x1C;
    private static final int KECCAK256 = 0x20;
    private static final int CALLER = 0x33;
    private static final int CALLDATALOAD = 0x35;
    private static final int MLOAD = 0x51;
    private static final int MSTORE = 0x52;
    private static final int SLOAD = 0x54;
    private static final int SSTORE = 0x55;
    private static final int JUMPI = 0x57;
    private static final int DUP1 = 0x80;
    private static final int DUP2 = 0x81;
    private static final int DUP3 = 0x82;
    private static final int SWAP1 = 0x90;
    private static final int LOG3 = 0xA3;
    private static final int RETURN = 0xF3;
    private static final int REVERT = 0xFD;

    private TokenProgram() {}

    public static byte[] code() {
        Assembler code = new Assembler().push(0).op(CALLDATALOAD).push(224).op(SHR);
        code.op(DUP1).push(TRANSFER).op(EQ).pushLabel("transfer").op(JUMPI);
        code.push(BALANCE_OF).op(EQ).pushLabel("balanceOf").op(JUMPI);
        code.push(0).push(0).op(REVERT);

        slotOf(code.label("balanceOf").push(4).op(CALLDATALOAD)).op(SLOAD);
        code.push(0).op(MSTORE).push(32).push(0).op(RETURN);

        // amount, slot of the payer, its balance
        code.label("transfer").push(36).op(CALLDATALOAD);
        slotOf(code.op(CALLER)).op(DUP1, SLOAD);
        code.op(DUP3, DUP2, LT).pushLabel("too little").op(JUMPI);
        code.op(DUP3, SWAP1, SUB, SWAP1, SSTORE);
        slotOf(code.push(4).op(CALLDATALOAD)).op(DUP1, SLOAD, DUP3, ADD, SWAP1, SSTORE);
        code.push(0).op(MSTORE);
        code.push(4)
                .op(CALLDATALOAD, CALLER)
                .push(TRANSFER_TOPIC)
                .push(32)
                .push(0)
                .op(LOG3);
        code.push(1).push(0).op(MSTORE).push(32).push(0).op(RETURN);

        code.label("too little").push(0xBAD).push(0).op(MSTORE).push(32).push(0).op(REVERT, MLOAD);
        return code.bytes();
    }

    /** Replaces an address on the stack by the slot of its balance: keccak256(address ‖ 0). */
    private static Assembler slotOf(Assembler code) {
        return code.push(0)
                .op(MSTORE)
                .push(0)
                .push(32)
                .op(MSTORE)
                .push(64)
                .push(0)
                .op(KECCAK256);
    }

    /** The input of a transfer. */
    public static byte[] transfer(Address to, long amount) {
        byte[] input = input(TRANSFER, 2);
        to.writeTo(input, 16);
        Word.of(amount).writeTo(input, 36);
        return input;
    }

    /** The input of a question for a balance. */
    public static byte[] balanceOf(Address holder) {
        byte[] input = input(BALANCE_OF, 1);
        holder.writeTo(input, 16);
        return input;
    }

    private static byte[] input(long selector, int words) {
        byte[] input = new byte[4 + 32 * words];
        for (int i = 0; i < 4; i++) {
            input[i] = (byte) (selector >>> (24 - 8 * i));
        }
        return input;
    }

    /** The slot of a holder's balance. */
    public static Word slotOf(Address holder) {
        byte[] preimage = new byte[64];
        holder.writeTo(preimage, 12);
        return Word.ofBytes(Keccak256.hash(preimage));
    }
}
