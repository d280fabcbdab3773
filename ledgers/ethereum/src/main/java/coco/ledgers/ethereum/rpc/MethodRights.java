package coco.ledgers.ethereum.rpc;

import coco.ledgers.api.AccessSettings;
import coco.ledgers.api.Caller;
import coco.ledgers.ethereum.chain.ChainReader;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which methods a caller may call, and as whom: before a method sees its parameters. What a method then shows is for
 * the caller's view to decide.
 *
 * <p>Who signed in acts for one address: a call's {@code from} is that address, or missing. A wallet URL is lent to
 * every page that its wallet shows, so through it there are few methods, each for the account itself or for the
 * contracts that were named when the URL was made. Who gave no identity may send what is signed, and no more, where the
 * members turned anonymous reads off. What an auditor asks is recorded first, and not answered if it is not.
 */
final class MethodRights {
    /** EIP-1193: not authorised. */
    static final int UNAUTHORIZED = 4_100;

    /** What says nothing of the chain's content. */
    private static final Set<String> NOBODYS =
            Set.of("eth_chainId", "net_version", "web3_clientVersion", "web3_sha3", SubmitMethods.SEND);

    /** Of the chain as a whole. */
    private static final Set<String> WALLETS = Set.of(
            "eth_chainId",
            "net_version",
            "net_listening",
            "web3_clientVersion",
            "web3_sha3",
            "eth_protocolVersion",
            "eth_syncing",
            "eth_blockNumber",
            "eth_gasPrice",
            "eth_maxPriorityFeePerGas",
            "eth_baseFee",
            "eth_blobBaseFee",
            "eth_feeHistory",
            SubmitMethods.SEND);

    /** Of a block, without its transactions: their second parameter would ask for them. */
    private static final Set<String> WALLETS_BLOCKS = Set.of("eth_getBlockByNumber", "eth_getBlockByHash");

    private static final Set<String> WALLETS_ACCOUNT = Set.of("eth_getBalance", "eth_getTransactionCount");
    private static final Set<String> WALLETS_TRANSACTION =
            Set.of("eth_getTransactionReceipt", "eth_getTransactionByHash");
    private static final Set<String> WALLETS_CALLS = Set.of("eth_call", "eth_estimateGas");
    private static final String CODE = "eth_getCode";

    /** Methods whose first parameter is a call, or holds calls. */
    private static final Set<String> CALLING = Set.of(
            "eth_call",
            "eth_estimateGas",
            "eth_createAccessList",
            "eth_fillTransaction",
            "eth_simulateV1",
            "debug_traceCall",
            "trace_call",
            "trace_callMany");

    /** A call and a block: what follows overrides state. */
    private static final int PLAIN_CALL_PARAMS = 2;

    /** Accounts of one request that a record of an auditor's use may have to name, and more. */
    private static final int NAMED = 64;

    private MethodRights() {}

    /**
     * Judges a request. A call without {@code from} gets the caller's address for it.
     *
     * @return what to answer instead of calling the method; null: call it
     * @throws RpcException if the caller may not call it, or not like this
     */
    static @Nullable Answer judge(Exchange exchange, String method, Params params) throws RpcException {
        return switch (exchange.caller()) {
            case Caller.Anonymous _ -> {
                nobody(exchange.context().access(), method);
                yield null;
            }
            case Caller.Auditor auditor -> {
                if (!NOBODYS.contains(method)) {
                    exchange.recordUse(auditor, method, params.named(NAMED));
                }
                yield null;
            }
            case Caller.User user -> {
                if (CALLING.contains(method)) {
                    bind(params, user.address());
                }
                yield user.scope().kind() == Caller.Scope.Kind.WALLET ? wallet(exchange, user, method, params) : null;
            }
        };
    }

    private static void nobody(AccessSettings access, String method) throws RpcException {
        if (!access.anonymousReads() && !NOBODYS.contains(method)) {
            throw new RpcException(UNAUTHORIZED, "sign in: this service answers nobody who gives no identity");
        }
    }

    // ---- as whom ----

    private static void bind(Params params, byte[] address) throws RpcException {
        JsonNode first = params.optional(0);
        if (first == null) {
            return;
        }
        if (first.isArray()) {
            // trace_callMany: each a call and what is to be traced.
            for (JsonNode each : first) {
                bind(each.isArray() ? each.get(0) : each, address);
            }
            return;
        }
        JsonNode blocks = first.get("blockStateCalls");
        if (blocks == null) {
            bind(first, address);
            return;
        }
        for (JsonNode block : blocks) {
            JsonNode calls = block.get("calls");
            if (calls != null) {
                for (JsonNode call : calls) {
                    bind(call, address);
                }
            }
        }
    }

    private static void bind(@Nullable JsonNode call, byte[] address) throws RpcException {
        if (!(call instanceof ObjectNode object)) {
            return;
        }
        String own = "0x" + HexFormat.of().formatHex(address);
        JsonNode from = Params.present(call, "from");
        if (from == null) {
            object.put("from", own);
        } else if (!Arrays.equals(Params.fixed(from, address.length, "common.Address", 0), address)) {
            throw new RpcException(
                    RpcException.INVALID_PARAMS, "from must be the account that is signed in, " + own + ", or missing");
        }
    }

    // ---- through a wallet URL ----

    private static @Nullable Answer wallet(Exchange exchange, Caller.User user, String method, Params params)
            throws RpcException {
        if (WALLETS.contains(method)) {
            return null;
        }
        if (WALLETS_BLOCKS.contains(method)) {
            demand(!params.has(1) || !params.bool(1), "through a wallet URL blocks come without their transactions");
            return null;
        }
        if (WALLETS_ACCOUNT.contains(method)) {
            demand(isOwn(params, user), "a wallet URL is for its own account only");
            return null;
        }
        if (method.equals(CODE)) {
            demand(isOwn(params, user) || reaches(user, params.required(0)), notNamed());
            return null;
        }
        if (WALLETS_TRANSACTION.contains(method)) {
            ChainReader.Place place = exchange.chain().find(params.hash(0));
            boolean isOwn = place != null
                    && Arrays.equals(
                            place.block().transaction(place.ordinal()).sender().bytes(), user.address());
            return isOwn ? null : Answer.NULL;
        }
        if (WALLETS_CALLS.contains(method)) {
            params.atMost(PLAIN_CALL_PARAMS);
            JsonNode to = Params.present(params.required(0), "to");
            demand(to != null && reaches(user, to), notNamed());
            return null;
        }
        throw new RpcException(
                UNAUTHORIZED, "the method " + Params.abbreviated(method) + " is not available through a wallet URL");
    }

    private static String notNamed() {
        return "a wallet URL reaches only the contracts that were named when it was made";
    }

    private static boolean isOwn(Params params, Caller.User user) throws RpcException {
        return Arrays.equals(params.address(0).bytes(), user.address());
    }

    private static boolean reaches(Caller.User user, JsonNode contract) {
        String text = contract.isString() ? contract.stringValue().toLowerCase(Locale.ROOT) : "";
        return text.startsWith("0x") && user.scope().reaches(text.substring(2));
    }

    private static void demand(boolean holds, String otherwise) throws RpcException {
        if (!holds) {
            throw new RpcException(UNAUTHORIZED, otherwise);
        }
    }

    /** All methods that are judged by name, for whoever checks that there are such. */
    static List<String> named() {
        return Stream.of(
                        NOBODYS,
                        WALLETS,
                        WALLETS_BLOCKS,
                        WALLETS_ACCOUNT,
                        WALLETS_TRANSACTION,
                        WALLETS_CALLS,
                        CALLING,
                        Set.of(CODE))
                .flatMap(Set::stream)
                .distinct()
                .sorted()
                .toList();
    }
}
