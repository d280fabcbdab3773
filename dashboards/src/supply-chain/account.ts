import { getAddress, keccak256, Wallet } from "ethers";
import { ApiFailure, get, request, Rpc, RpcError, type Json } from "../kit";
import { storeName, type PartyId } from "./identity";
import { Refused } from "./refusal";

/** Who asks for a signature, and for what: `GET /access/nonce`. */
interface Offer {
  chainId: number;
  nonce: string;
  serviceId: string;
  time: string;
}

interface Session {
  token: string;
  chainId: number;
}

export interface Receipt {
  status: string;
  transactionHash: string;
  blockNumber: string;
  contractAddress: string | null;
}

/** How long a session lasts, in hours. When it is over the page signs in again by itself. */
const SESSION_HOURS = 8;
/** Most gas of one transaction (EIP-7825). */
const GAS_MAX = 1n << 24n;
/** How long a receipt is waited for, in milliseconds, where the node does not answer with it at once. */
const RECEIPT_MS = 30_000;
const RECEIPT_POLL_MS = 300;
/** JSON-RPC: the transaction was sent, and its receipt is not there yet (EIP-7966). */
const NOT_YET = 4;

/** An account whose key this tab has. It signs in with Ethereum at the node, and again whenever its session is over. */
export class Account {
  readonly address: string;
  private readonly wallet: Wallet;
  private readonly store: string;
  private session: Promise<Session> | undefined;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(party: PartyId, secret: string) {
    this.wallet = new Wallet(`0x${secret}`);
    this.address = this.wallet.address;
    this.store = storeName(party, `session.${this.address}`);
  }

  /** Asks the node as this account. */
  async ask<T>(question: (rpc: Rpc) => Promise<T>): Promise<T> {
    const session = await this.signedIn();
    try {
      return await question(new Rpc("/", session.token));
    } catch (failure) {
      if (!(failure instanceof ApiFailure) || failure.status !== 401) {
        throw failure;
      }
      this.forget();
      const renewed = await this.signedIn();
      return question(new Rpc("/", renewed.token));
    }
  }

  /**
   * Sends a transaction and waits for its receipt.
   *
   * @param to null to create a contract
   * @throws RpcError with the data of the revert, if it cannot succeed: it is not sent then
   */
  async send(to: string | null, data: string): Promise<Receipt> {
    const mine = this.turn.then(() => this.sendNow(to, data));
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  private async sendNow(to: string | null, data: string): Promise<Receipt> {
    const call: { [name: string]: Json } = to === null ? { data } : { to, data };
    const { chainId } = await this.signedIn();
    const estimate = BigInt(await this.ask((rpc) => rpc.read<string>("eth_estimateGas", [call])));
    const nonce = await this.ask((rpc) => rpc.read<string>("eth_getTransactionCount", [this.address, "pending"]));
    const raw = await this.wallet.signTransaction({
      type: 2,
      chainId,
      nonce: Number(nonce),
      to,
      data,
      gasLimit: estimate * 2n > GAS_MAX ? GAS_MAX : estimate * 2n,
      maxFeePerGas: 0n,
      maxPriorityFeePerGas: 0n,
    });
    const receipt = await this.receipt(raw);
    if (receipt.status !== "0x1") {
      // Says why, if it would fail again now.
      await this.ask((rpc) => rpc.read<string>("eth_call", [call, "latest"]));
      throw new Refused("The network has refused the transaction: the contract lets this account do nothing here.");
    }
    return receipt;
  }

  private async receipt(raw: string): Promise<Receipt> {
    try {
      return await this.ask((rpc) => rpc.call<Receipt>("eth_sendRawTransactionSync", [raw]));
    } catch (failure) {
      const unknown = failure instanceof ApiFailure && failure.kind === "unreachable";
      if (!unknown && !(failure instanceof RpcError && failure.code === NOT_YET)) {
        throw failure;
      }
    }
    const hash = keccak256(raw);
    for (const end = Date.now() + RECEIPT_MS; Date.now() < end; ) {
      const receipt = await this.ask((rpc) => rpc.read<Receipt | null>("eth_getTransactionReceipt", [hash]));
      if (receipt !== null) {
        return receipt;
      }
      await new Promise((resume) => setTimeout(resume, RECEIPT_POLL_MS));
    }
    throw new Refused("The transaction was sent, and nothing is known of it yet.");
  }

  private signedIn(): Promise<Session> {
    const kept = sessionStorage.getItem(this.store);
    this.session ??= kept === null ? this.signIn() : Promise.resolve(JSON.parse(kept) as Session);
    this.session.catch(() => this.forget());
    return this.session;
  }

  private forget(): void {
    this.session = undefined;
    sessionStorage.removeItem(this.store);
  }

  /** Sign-In with Ethereum (EIP-4361), to everything that the account may see. */
  private async signIn(): Promise<Session> {
    const offer = await get<Offer>("/access/nonce");
    const expires = new Date(new Date(offer.time).getTime() + SESSION_HOURS * 3_600_000);
    const message = [
      `${location.host} wants you to sign in with your Ethereum account:`,
      getAddress(this.address),
      "",
      "Sign in to the supply chain.",
      "",
      `URI: ${location.origin}`,
      "Version: 1",
      `Chain ID: ${offer.chainId}`,
      `Nonce: ${offer.nonce}`,
      `Issued At: ${offer.time}`,
      `Expiration Time: ${expires.toISOString()}`,
      "Resources:",
      `- coco:${offer.serviceId}:*`,
    ].join("\n");
    const signature = await this.wallet.signMessage(message);
    const body = { message, signature, label: "supply chain page" };
    const opened = await request<{ token: string }>("POST", "/access/sessions", { body });
    const session = { token: opened.token, chainId: offer.chainId };
    sessionStorage.setItem(this.store, JSON.stringify(session));
    return session;
  }
}
