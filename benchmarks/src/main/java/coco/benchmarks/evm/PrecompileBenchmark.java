package coco.benchmarks.evm;

import coco.crypto.P256;
import coco.crypto.Sha256;
import coco.evm.precompiles.Precompile;
import coco.evm.precompiles.Precompiles;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import java.io.ByteArrayOutputStream;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Every precompiled contract of Osaka, with an ordinary input and, where it differs, one that costs most for its gas.
 * Operations and gas, both per microsecond: the second figure is Mgas/s.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PrecompileBenchmark {
    private static final Precompiles TABLE = Precompiles.of(Fork.OSAKA);
    private static final int WARM_UP_ROUNDS = 50;

    /** What a contract is called with. */
    public enum Call {
        ECRECOVER(0x01) {
            @Override
            byte[] input() {
                return hex("456e9aea5e197a1f1af7a3e85a3212fa4049a3ba34c2289b4c860fc0b0c64ef3" + word(28)
                        + "9242685bf161793cc25603c231bc2f568eb630ea16aa137d2664ac8038825608"
                        + "4f8ae3bd7535248d0bd448298cc2e2071e56992d0774dc340c368ae950852ada");
            }
        },
        SHA256_OF_NOTHING(0x02) {
            @Override
            byte[] input() {
                return new byte[0];
            }
        },
        SHA256_OF_64_KIB(0x02) {
            @Override
            byte[] input() {
                return random(1 << 16);
            }
        },
        RIPEMD160_OF_NOTHING(0x03) {
            @Override
            byte[] input() {
                return new byte[0];
            }
        },
        RIPEMD160_OF_64_KIB(0x03) {
            @Override
            byte[] input() {
                return random(1 << 16);
            }
        },
        IDENTITY_OF_64_KIB(0x04) {
            @Override
            byte[] input() {
                return random(1 << 16);
            }
        },
        /** The least that is charged, for the most work: an exponent of 32 bits. */
        MODEXP_256_BITS_BY_32(0x05) {
            @Override
            byte[] input() {
                return modExp(base(32), ones(4), odd(32));
            }
        },
        MODEXP_256_BITS(0x05) {
            @Override
            byte[] input() {
                return modExp(base(32), ones(32), odd(32));
            }
        },
        MODEXP_256_BITS_EVEN(0x05) {
            @Override
            byte[] input() {
                return modExp(base(32), ones(32), twice(odd(32)));
            }
        },
        /** Half of the modulus odd, half a power of two: no part of the work gets shorter by much. */
        MODEXP_256_BITS_HALF_EVEN(0x05) {
            @Override
            byte[] input() {
                return modExp(base(32), ones(32), halfZeros(32));
            }
        },
        MODEXP_2048_BITS(0x05) {
            @Override
            byte[] input() {
                return modExp(base(256), ones(256), odd(256));
            }
        },
        /** A square by the longest modulus, half of it a power of two. */
        MODEXP_8192_BITS_HALF_EVEN_SQUARE(0x05) {
            @Override
            byte[] input() {
                return modExp(base(1024), new byte[] {3}, halfZeros(1024));
            }
        },
        MODEXP_8192_BITS_SQUARE(0x05) {
            @Override
            byte[] input() {
                return modExp(base(1024), new byte[] {3}, odd(1024));
            }
        },
        BN254_ADD(0x06) {
            @Override
            byte[] input() {
                return bytes(bn254(1), bn254(2));
            }
        },
        BN254_MUL(0x07) {
            @Override
            byte[] input() {
                return bytes(bn254(1), ones(32));
            }
        },
        BN254_PAIRING_OF_1(0x08) {
            @Override
            byte[] input() {
                return bn254Pairs(1);
            }
        },
        BN254_PAIRING_OF_2(0x08) {
            @Override
            byte[] input() {
                return bn254Pairs(2);
            }
        },
        BN254_PAIRING_OF_16(0x08) {
            @Override
            byte[] input() {
                return bn254Pairs(16);
            }
        },
        BLAKE2F_OF_12_ROUNDS(0x09) {
            @Override
            byte[] input() {
                return blake(12);
            }
        },
        BLAKE2F_OF_100_000_ROUNDS(0x09) {
            @Override
            byte[] input() {
                return blake(100_000);
            }
        },
        POINT_EVALUATION(0x0A) {
            @Override
            byte[] input() {
                // A transaction of the main network, as the specification's tests have it.
                return hex("018156b94fe9735e573bab36dad05d60feb720d424ccd20aaf719343c31e4246"
                        + "019123bcb9d06356701f7be08b4494625b87a7b02edc566126fb81f6306e915f"
                        + "6c2eb1e94c2532935b8465351ba1bd88eabe2b3fa1aadff7d1cd816e8315bd38"
                        + "a9546d41993e10df2a7429b8490394ea9ee62807bae6f326d1044a51581306f5"
                        + "8d4b9dfd5931e044688855280ff3799ea2ea83d9391e0ee42e0c650acc7a1f84"
                        + "2a7d385189485ddb4fd54ade3d9fd50d608167dca6c776aad4b8ad5c20691bfe");
            }
        },
        BLS_G1_ADD(0x0B) {
            @Override
            byte[] input() {
                return bytes(g1(1), g1(2));
            }
        },
        BLS_G1_MSM_OF_1(0x0C) {
            @Override
            byte[] input() {
                return msm(1, false);
            }
        },
        BLS_G1_MSM_OF_2(0x0C) {
            @Override
            byte[] input() {
                return msm(2, false);
            }
        },
        BLS_G1_MSM_OF_128(0x0C) {
            @Override
            byte[] input() {
                return msm(128, false);
            }
        },
        BLS_G2_ADD(0x0D) {
            @Override
            byte[] input() {
                return bytes(g2(1), g2(2));
            }
        },
        BLS_G2_MSM_OF_1(0x0E) {
            @Override
            byte[] input() {
                return msm(1, true);
            }
        },
        BLS_G2_MSM_OF_2(0x0E) {
            @Override
            byte[] input() {
                return msm(2, true);
            }
        },
        BLS_G2_MSM_OF_128(0x0E) {
            @Override
            byte[] input() {
                return msm(128, true);
            }
        },
        BLS_PAIRING_OF_1(0x0F) {
            @Override
            byte[] input() {
                return bytes(g1(3), g2(5));
            }
        },
        BLS_PAIRING_OF_8(0x0F) {
            @Override
            byte[] input() {
                byte[][] pairs = new byte[16][];
                for (int i = 0; i < 16; i += 2) {
                    pairs[i] = g1(i + 3);
                    pairs[i + 1] = g2(i + 7);
                }
                return bytes(pairs);
            }
        },
        BLS_MAP_FP_TO_G1(0x10) {
            @Override
            byte[] input() {
                return bytes(new byte[17], random(47));
            }
        },
        BLS_MAP_FP2_TO_G2(0x11) {
            @Override
            byte[] input() {
                return bytes(new byte[17], random(47), new byte[17], random(47));
            }
        },
        P256_VERIFY(0x100) {
            @Override
            byte[] input() {
                KeyPair key = P256.derive(ones(32), new byte[0]);
                byte[] hash = Sha256.hash(new byte[1]);
                byte[] point = P256.encode(key.getPublic());
                return bytes(hash, P256.sign(key.getPrivate(), hash), Arrays.copyOfRange(point, 1, point.length));
            }
        };

        private final int address;

        Call(int address) {
            this.address = address;
        }

        abstract byte[] input();

        Precompile contract() {
            return contractAt(address);
        }
    }

    /** Gas, counted so that its rate stands beside that of operations. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Gas {
        public long gas;
    }

    @Param
    Call call = Call.ECRECOVER;

    private byte[] input = new byte[0];
    private Precompile contract = contractAt(0x04);
    private long gas;

    @Setup
    public void prepare() {
        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
            bn254(round + 1);
        }
        input = call.input();
        contract = call.contract();
        gas = contract.gas(input, 0, input.length);
        if (contract.run(input, 0, input.length) == null) {
            throw new IllegalStateException("refused: " + call);
        }
    }

    @Benchmark
    public byte @Nullable [] run(Gas counter) {
        counter.gas += gas;
        return contract.run(input, 0, input.length);
    }

    private static Precompile contractAt(int address) {
        Precompile contract = TABLE.at(Address.of(address));
        if (contract == null) {
            throw new IllegalStateException("no precompiled contract at " + address);
        }
        return contract;
    }

    private static byte[] output(int address, byte[] input) {
        byte[] output = contractAt(address).run(input, 0, input.length);
        if (output == null) {
            throw new IllegalStateException("refused by " + address);
        }
        return output;
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private static String word(long number) {
        return String.format("%064x", number);
    }

    private static byte[] bytes(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] random(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    private static byte[] ones(int count) {
        byte[] ones = new byte[count];
        Arrays.fill(ones, (byte) 0xFF);
        return ones;
    }

    private static byte[] odd(int count) {
        byte[] odd = random(count);
        odd[0] |= (byte) 0x80;
        odd[count - 1] |= 1;
        return odd;
    }

    /** An odd number that has nothing to do with {@link #odd}, the modulus. */
    private static byte[] base(int count) {
        byte[] base = Arrays.copyOf(random(count + 1), count);
        base[count - 1] |= 1;
        return base;
    }

    private static byte[] twice(byte[] odd) {
        odd[odd.length - 1] &= (byte) 0xFE;
        return odd;
    }

    private static byte[] halfZeros(int count) {
        byte[] number = odd(count);
        Arrays.fill(number, count / 2, count, (byte) 0);
        number[count / 2 - 1] |= 1;
        return number;
    }

    private static byte[] modExp(byte[] base, byte[] exponent, byte[] modulus) {
        return bytes(hex(word(base.length) + word(exponent.length) + word(modulus.length)), base, exponent, modulus);
    }

    private static byte[] blake(int rounds) {
        byte[] input = bytes(hex(String.format("%08x", rounds)), random(209));
        input[212] = 1;
        return input;
    }

    /** A multiple of the generator (1, 2) of alt_bn128. */
    private static byte[] bn254(long factor) {
        return output(0x07, hex(word(1) + word(2) + word(factor)));
    }

    private static byte[] bn254Pairs(int count) {
        byte[] generator = hex("198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2"
                + "1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed"
                + "090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b"
                + "12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa");
        byte[][] pairs = new byte[2 * count][];
        for (int i = 0; i < count; i++) {
            pairs[2 * i] = bn254(i + 1);
            pairs[2 * i + 1] = generator;
        }
        return bytes(pairs);
    }

    private static byte[] padded(String coordinates) {
        StringBuilder padded = new StringBuilder();
        for (int at = 0; at < coordinates.length(); at += 96) {
            padded.append("0".repeat(32)).append(coordinates, at, at + 96);
        }
        return hex(padded.toString());
    }

    /** A multiple of the first group's generator. */
    private static byte[] g1(long factor) {
        byte[] generator = padded(
                "17f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb"
                        + "08b3f481e3aaa0f1a09e30ed741d8ae4fcf5e095d5d00af600db18cb2c04b3edd03cc744a2888ae40caa232946c5e7e1");
        return output(0x0C, bytes(generator, hex(word(factor))));
    }

    private static byte[] g2(long factor) {
        byte[] generator = padded(
                "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8"
                        + "13e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"
                        + "0ce5d527727d6e118cc9cdc6da2e351aadfd9baa8cbdd3a76d429a695160d12c923ac9cc3baca289e193548608b82801"
                        + "0606c4a02ea734cc32acd2b02bc28b99cb3e287e85a763af267492ab572e99ab3f370d275cec1da1aaa9075ff05f79be");
        return output(0x0E, bytes(generator, hex(word(factor))));
    }

    private static byte[] msm(int count, boolean second) {
        byte[][] parts = new byte[2 * count][];
        for (int i = 0; i < count; i++) {
            parts[2 * i] = second ? g2(i + 1) : g1(i + 1);
            parts[2 * i + 1] = Arrays.copyOf(random(32 + i), 32);
        }
        return bytes(parts);
    }
}
