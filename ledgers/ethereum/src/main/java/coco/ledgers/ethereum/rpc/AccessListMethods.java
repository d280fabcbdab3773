package coco.ledgers.ethereum.rpc;

import coco.crypto.Secp256k1;
import coco.evm.ContractAddresses;
import coco.evm.Halt;
import coco.evm.transition.Outcome;
import coco.evm.types.AccessListEntry;
import coco.evm.types.Address;
import coco.evm.types.Authorization;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import coco.ledgers.ethereum.simulation.AccessListTracer;
import coco.ledgers.ethereum.simulation.BlockOverrides;
import coco.ledgers.ethereum.simulation.CallRequest;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JsonGenerator;

/** eth_createAccessList: executes with ever longer lists until one is complete. */
final class AccessListMethods {
    /** What geth lets an authorisation cost here at least. */
    private static final long AUTHORIZATION_GAS = 25_000;

    private static final Secp256k1 CURVE = Secp256k1.fastest();

    private final long chainId;
    private final Simulator simulator;

    AccessListMethods(long chainId, Simulator simulator) {
        this.chainId = chainId;
        this.simulator = simulator;
    }

    void register(Map<String, Method> methods) {
        methods.put("eth_createAccessList", Method.onProcessors(this::createAccessList));
    }

    private Answer createAccessList(Exchange exchange, Params params) throws RpcException {
        params.atMost(3);
        CallRequest named = Calls.request(params.required(0), chainId);
        StateAt at = exchange.at(params.blockOrLatest(1));
        CallSite site = simulator.site(at, Overrides.state(params.optional(2), 2), BlockOverrides.NONE);
        CallRequest call = Fees.complete(named, site.environment().baseFee());
        long gas = gas(call);
        long nonce = call.nonce() == null ? nonce(site, call.sender()) : call.nonce();
        Set<Address> warm = warm(site, call, nonce, gas);
        List<AccessListEntry> before =
                new AccessListTracer(call.accessList() == null ? List.of() : call.accessList(), warm).entries();
        while (true) {
            exchange.checkTime();
            AccessListTracer tracer = new AccessListTracer(before, warm);
            CallRequest listed = call.withAccessList(before);
            Outcome outcome = site.executor()
                    .simulate(
                            site.state(),
                            site.environment(),
                            listed.message(nonce, gas),
                            simulator.cancellation(exchange),
                            tracer);
            switch (outcome) {
                case Outcome.Rejected rejected -> throw failed(listed, nonce, gas, rejected);
                case Outcome.Executed executed
                when executed.halt() == Halt.CANCELLED -> throw simulator.failure(exchange, executed);
                case Outcome.Executed executed -> {
                    List<AccessListEntry> after = tracer.entries();
                    if (after.equals(before)) {
                        return out -> write(out, after, executed);
                    }
                    before = after;
                }
            }
        }
    }

    private long gas(CallRequest call) {
        long cap = simulator.gasCap();
        Long named = call.gas();
        return named == null || Long.compareUnsigned(named, cap) > 0 ? cap : named;
    }

    private static long nonce(CallSite site, Address sender) {
        site.state().beginTransaction();
        long nonce = site.state().account(sender).nonce();
        site.state().rollBackTransaction();
        return nonce;
    }

    /** Accounts that cost nothing to touch: sender, recipient, precompiled contracts, and who authorised. */
    private Set<Address> warm(CallSite site, CallRequest call, long nonce, long gas) throws RpcException {
        Set<Address> warm = new HashSet<>(site.executor().precompiles().addresses());
        warm.add(call.sender());
        warm.add(call.to() == null ? ContractAddresses.of(call.sender(), nonce) : call.to());
        List<Authorization> authorizations = call.authorizations() == null ? List.of() : call.authorizations();
        if (authorizations.size() > Long.divideUnsigned(gas, AUTHORIZATION_GAS)) {
            throw RpcException.server("insufficient gas to process all authorizations");
        }
        for (Authorization authorization : authorizations) {
            Address authority = authorization.authorityOn(Word.of(chainId), CURVE);
            if (authority != null) {
                warm.add(authority);
            }
        }
        return warm;
    }

    private RpcException failed(CallRequest call, long nonce, long gas, Outcome.Rejected rejected) {
        byte[] hash =
                call.unsigned(Transaction.Type.LEGACY, chainId, nonce, gas).hash();
        return RpcException.server(
                "failed to apply transaction: 0x" + HexFormat.of().formatHex(hash) + " err: " + rejected.message());
    }

    private static void write(JsonGenerator out, List<AccessListEntry> entries, Outcome.Executed executed) {
        out.writeStartObject();
        out.writeName("accessList");
        BlockJson.accessList(out, entries);
        if (!executed.isSuccess()) {
            out.writeStringProperty("error", executed.halt().text());
        }
        Hexes.quantity(out, "gasUsed", executed.gasUsed());
        out.writeEndObject();
    }
}
