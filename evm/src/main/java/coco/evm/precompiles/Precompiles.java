package coco.evm.precompiles;

import coco.evm.types.Address;
import coco.evm.types.Fork;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which precompiled contracts a fork has, by address. */
public final class Precompiles {
    /** P256VERIFY lies at 0x100; all others below. */
    private static final int ADDRESS_MAX = 0x100;

    private static final Map<Fork, Precompiles> BY_FORK = new EnumMap<>(Fork.class);

    static {
        for (Fork fork : Fork.values()) {
            BY_FORK.put(fork, new Precompiles(fork));
        }
    }

    private final @Nullable Precompile[] table;
    private final List<Address> addresses;
    /** What is where instead of the table; null for the table. */
    private final @Nullable Map<Address, Precompile> arranged;

    private Precompiles(Precompiles usual, Map<Address, Precompile> arranged) {
        this.table = usual.table;
        this.addresses = usual.addresses;
        this.arranged = arranged;
    }

    private Precompiles(Fork fork) {
        arranged = null;
        table = new Precompile[ADDRESS_MAX + 1];
        table[0x01] = new EcRecover();
        table[0x02] = Hashes.SHA256;
        table[0x03] = Hashes.RIPEMD160;
        table[0x04] = Hashes.IDENTITY;
        if (fork.has(Fork.BYZANTIUM)) {
            table[0x05] = new ModExp(fork);
            table[0x06] = Bn254.addition(fork);
            table[0x07] = Bn254.multiplication(fork);
            table[0x08] = Bn254.pairing(fork);
        }
        if (fork.has(Fork.ISTANBUL)) {
            table[0x09] = new Blake2F();
        }
        if (fork.has(Fork.CANCUN)) {
            table[0x0A] = new PointEvaluation();
        }
        if (fork.has(Fork.PRAGUE)) {
            table[0x0B] = Bls12381.G1_ADD;
            table[0x0C] = Bls12381.G1_MSM;
            table[0x0D] = Bls12381.G2_ADD;
            table[0x0E] = Bls12381.G2_MSM;
            table[0x0F] = Bls12381.PAIRING_CHECK;
            table[0x10] = Bls12381.MAP_FP_TO_G1;
            table[0x11] = Bls12381.MAP_FP2_TO_G2;
        }
        if (fork.has(Fork.OSAKA)) {
            table[0x100] = new P256Verify();
        }
        List<Address> present = new ArrayList<>();
        for (int i = 1; i <= ADDRESS_MAX; i++) {
            if (table[i] != null) {
                present.add(Address.of(i));
            }
        }
        addresses = List.copyOf(present);
    }

    /** The table of a fork. */
    public static Precompiles of(Fork fork) {
        Precompiles precompiles = BY_FORK.get(fork);
        if (precompiles == null) {
            throw new IllegalStateException("no precompiled contracts for " + fork);
        }
        return precompiles;
    }

    /**
     * Loads the native code that some contracts need, which the first call of one does otherwise: then whoever makes
     * that call decides when a machine without that code fails.
     *
     * @throws Error if there is none for this machine
     */
    public static void prepare() {
        Blst.prepare();
    }

    /** Which contract is where: a copy. */
    public Map<Address, Precompile> contracts() {
        Map<Address, Precompile> contracts = new HashMap<>();
        for (Address address : addresses) {
            contracts.put(address, Objects.requireNonNull(table[(int) address.low()]));
        }
        return contracts;
    }

    /**
     * The contracts of a simulation that moved some of them. The fork's own addresses stay those that are never cold,
     * as other clients have it.
     *
     * @param contracts exactly what there is
     */
    public Precompiles arranged(Map<Address, Precompile> contracts) {
        return new Precompiles(this, Map.copyOf(contracts));
    }

    /** The contract at this address, if there is one. */
    public @Nullable Precompile at(Address address) {
        return arranged == null ? usuallyAt(address) : arranged.get(address);
    }

    private @Nullable Precompile usuallyAt(Address address) {
        long low = address.low();
        boolean inTable = (address.high() | address.middle()) == 0 && low >= 0 && low <= ADDRESS_MAX;
        return inTable ? table[(int) low] : null;
    }

    /** Whether the fork has a contract at this address: such addresses are never cold (EIP-2929). */
    public boolean isReserved(Address address) {
        return usuallyAt(address) != null;
    }

    /** All addresses where the fork has contracts, in order. */
    public List<Address> addresses() {
        return addresses;
    }
}
