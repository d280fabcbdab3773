import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import { EmptyState, ErrorState, Loading, mount, nodeState, Shell, shortHex, usePoll } from "../kit";
import "./supply-chain.css";
import { BlockchainView } from "./blockchain";
import { DraftView } from "./draft";
import { identityOf, PARTIES, partyOf, takeFromAddress, type Party } from "./identity";
import { InventoryView } from "./inventory";
import { OrderView } from "./order";
import { OrdersView } from "./orders";
import { deskOf, isRetailer, type Desk } from "./party";
import { go, rememberView, useRoute } from "./route";

/** How often the page asks what is new, in milliseconds. */
const POLL_MS = 1_000;

/** In the guide, a party's page is one window of four. */
const FRAMED = window !== window.parent;

function PartyPage(props: { party: Party }) {
  const { party } = props;
  const identity = identityOf(party.id);
  const desk = useMemo(() => (identity === undefined ? undefined : deskOf(party, identity)), [party]);
  const content = desk === undefined ? <NoKeys /> : <Rooms desk={desk} />;
  return FRAMED ? (
    <main aria-label={party.name}>
      <h1 class="wa-visually-hidden">{party.name}</h1>
      {content}
    </main>
  ) : (
    <WholePage party={party} desk={desk}>
      {content}
    </WholePage>
  );
}

function WholePage(props: { party: Party; desk: Desk | undefined; children: ComponentChildren }) {
  const { party, desk } = props;
  const state = usePoll(nodeState, 5 * POLL_MS);
  return (
    <Shell
      title={party.name}
      page="/ui/supply-chain/"
      banner={state.data?.banner}
      lead={`${party.role} of the supply chain`}
      account={desk === undefined ? undefined : <Signature desk={desk} />}
    >
      {props.children}
    </Shell>
  );
}

/** Who this page acts as. */
function Signature(props: { desk: Desk }) {
  return (
    <span class="signature" data-guide="identity">
      {props.desk.party.name}, {props.desk.party.role}{" "}
      <code title={props.desk.account.address}>{shortHex(props.desk.account.address, 6)}</code>
    </span>
  );
}

function NoKeys() {
  return (
    <EmptyState title="This tab has no keys of a party">
      Start the demonstration with <code>coco demo supply-chain</code> and open one of the addresses that it prints.
    </EmptyState>
  );
}

const ROOMS = [
  { fragment: "orders", name: "Purchase orders", views: ["orders", "draft", "order"] },
  { fragment: "inventory", name: "Inventory", views: ["inventory"] },
  { fragment: "blockchain", name: "Blockchain view", views: ["blockchain"] },
] as const;

function Rooms(props: { desk: Desk }) {
  const { desk } = props;
  const route = useRoute();
  const world = usePoll(() => desk.ledger.world(), 60 * POLL_MS);
  const shared = usePoll(() => desk.ledger.shared(), POLL_MS);
  if (world.data === undefined || shared.data === undefined) {
    const failure = world.error ?? shared.error;
    return failure ? (
      <ErrorState
        what="The ledger could not be read."
        failure={failure}
        onRetry={() => [world, shared].forEach((poll) => poll.refresh())}
      />
    ) : (
      <Loading what="the ledger" />
    );
  }
  const seen = { desk, world: world.data, shared: shared.data, refresh: shared.refresh };
  return (
    <>
      <nav class="rooms" aria-label={`Views of ${desk.party.name}`}>
        {ROOMS.map((room) => (
          <a
            key={room.fragment}
            href={`#${room.fragment}`}
            data-guide={`room-${room.fragment}`}
            aria-current={(room.views as readonly string[]).includes(route.view) ? "page" : undefined}
          >
            {room.name}
          </a>
        ))}
      </nav>
      {route.view === "orders" ? <OrdersView {...seen} /> : null}
      {route.view === "draft" && isRetailer(desk) ? (
        <DraftView key={route.number} {...seen} number={route.number} />
      ) : null}
      {route.view === "order" ? <OrderView key={route.address} {...seen} address={route.address} /> : null}
      {route.view === "inventory" ? <InventoryView {...seen} /> : null}
      {route.view === "blockchain" ? <BlockchainView key={route.address} {...seen} address={route.address} /> : null}
    </>
  );
}

/** Which party, where the address names none. */
function Choice() {
  const state = usePoll(nodeState, 5 * POLL_MS);
  const known = PARTIES.filter((party) => identityOf(party.id) !== undefined);
  return (
    <Shell
      title="Supply chain"
      page="/ui/supply-chain/"
      banner={state.data?.banner}
      lead="Two retailers and two suppliers. Each sees its own orders, and those that were shared with it."
    >
      <section class="panel">
        <h2>Parties</h2>
        <ul>
          {PARTIES.map((party) => (
            <li key={party.id}>
              {known.includes(party) ? <a href={`?party=${party.id}`}>{`${party.name}, ${party.role}`}</a> : `${party.name}, ${party.role}`}
            </li>
          ))}
        </ul>
        {known.length < PARTIES.length ? null : (
          <p>
            <a href="/ui/supply-chain/guide/">All four side by side</a>
          </p>
        )}
        {known.length > 0 ? null : <NoKeys />}
      </section>
    </Shell>
  );
}

takeFromAddress();
// A URL of one party that is pasted into its own tab changes nothing but the fragment, and loads nothing.
window.addEventListener("hashchange", () => {
  if (location.hash.startsWith("#directory=")) {
    takeFromAddress();
    go("orders");
    location.reload();
  }
});
const party = partyOf(new URLSearchParams(location.search).get("party"));
if (FRAMED) {
  document.documentElement.classList.add("framed");
  if (party !== undefined) {
    rememberView(party.id);
  }
}
mount(party === undefined ? <Choice /> : <PartyPage party={party} />);
