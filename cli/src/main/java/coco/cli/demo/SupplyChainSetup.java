package coco.cli.demo;

import coco.cli.access.AccountOption;
import coco.cli.member.MemberFiles;
import coco.cli.member.MemberSigners;
import coco.cli.network.KnownService;
import coco.cli.network.LocalNetwork;
import coco.cli.network.NetworkPlan;
import coco.client.ClientLimits;
import coco.client.NodeClient;
import coco.client.ServiceTrust;
import coco.client.signing.OpenSigner;
import coco.crypto.Hex;
import coco.evm.types.Address;
import coco.governance.AccessDefaults;
import coco.governance.Member;
import coco.governance.Preset;
import coco.governance.document.Documents;
import coco.governance.users.Agreement;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes the consortium and what is to be seen on it, by the interfaces that every member and account has. */
final class SupplyChainSetup {
    private static final Duration CERTIFICATE_LIFE = Duration.ofDays(365);

    /** What each supplier has of the first products of the catalogue. */
    private static final Map<Party, List<Integer>> STOCK =
            Map.of(Party.CONTOSO, List.of(400, 250, 60), Party.FABRIKAM, List.of(120, 500, 90));

    private final SupplyChainFolder folder;
    private final InstantSource clock;
    private final SecureRandom random;

    SupplyChainSetup(SupplyChainFolder folder, InstantSource clock, SecureRandom random) {
        this.folder = folder;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Makes a network of the four members. Plain HTTP on loopback, as in development, because a browser has to trust
     * it; who may do what is a consortium's: nobody reads without an identity, and only enrolled accounts send.
     */
    LocalNetwork found(int nodes, int port) {
        List<Member> members = new ArrayList<>();
        List<NetworkPlan.Owner> owners = new ArrayList<>();
        for (Party party : Party.values()) {
            MemberFiles files = folder.member(party, random);
            members.add(new Member(party.id(), files.makeSigningKey(clock.instant(), CERTIFICATE_LIFE, null)));
            owners.add(new NetworkPlan.Owner(party.id(), signer(party)));
        }
        NetworkPlan plan = new NetworkPlan(
                        Preset.DEVELOPMENT,
                        members,
                        0,
                        owners,
                        nodes,
                        port,
                        NetworkPlan.DEFAULT_CHAIN_ID,
                        null,
                        Map.of())
                .withAccess(AccessDefaults.of(Preset.CONSORTIUM));
        return LocalNetwork.create(folder.network(), plan);
    }

    private OpenSigner signer(Party party) {
        return MemberSigners.open("file:" + folder.member(party, random).key(), null, true, null);
    }

    /** Enrols the parties' accounts and deploys what all of them start with. The network has to run. */
    SupplyChainFolder.Prepared prepare(LocalNetwork network) {
        Map<Party, SupplyChainFolder.Keys> keys = SupplyChainFolder.draw(random);
        X509Certificate service = new KnownService(network.folder().serviceCertificate()).certificate();
        keys.forEach((party, own) -> enrol(network.administrativeUrl(1), service, party, own.all()));
        SupplyChainContracts contracts = SupplyChainContracts.load();
        Address catalogue;
        Address directory;
        try (AccountSession session = session(network, keys, Party.NORTHWIND)) {
            catalogue = session.create(contracts.catalogue());
            directory = session.create(contracts.directory(catalogue, keys));
        }
        STOCK.forEach((supplier, stock) -> {
            try (AccountSession session = session(network, keys, supplier)) {
                Address inventory = session.create(contracts.inventory(catalogue));
                for (int i = 0; i < stock.size(); i++) {
                    session.send(
                            inventory, SupplyChainContracts.count(SupplyChainContracts.PRODUCTS.get(i), stock.get(i)));
                }
            }
        });
        return new SupplyChainFolder.Prepared(directory, keys);
    }

    private static AccountSession session(LocalNetwork network, Map<Party, SupplyChainFolder.Keys> keys, Party party) {
        return AccountSession.open(Objects.requireNonNull(keys.get(party)).account(), network.httpUrl(1));
    }

    /** Makes accounts users of a member, which each of them signs that it agrees to. */
    private void enrol(URI node, X509Certificate service, Party party, List<AccountOption.Account> accounts) {
        try (NodeClient client =
                new NodeClient(node, ServiceTrust.contextFor(service, signer(party)), ClientLimits.DEFAULT)) {
            JsonNode actor = AccountSession.accepted(client.get("/access/actor"));
            byte[] id = HexFormat.of().parseHex(actor.required("serviceId").stringValue());
            for (AccountOption.Account account : accounts) {
                ObjectNode body = Documents.object()
                        .put("ledger", "ethereum")
                        .put("address", Hex.encode(account.address()))
                        .put("transactionsPerSecond", 0)
                        .put("gasPerSecond", 0)
                        .put("poolSlots", 0)
                        .put(
                                "signature",
                                account.sign(Agreement.enrolment(id, party.id(), "ethereum", account.address())));
                AccountSession.accepted(
                        client.post("/access/enrolments", body.toString().getBytes(StandardCharsets.UTF_8)));
            }
        }
    }
}
