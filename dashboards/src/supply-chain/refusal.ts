import type { Result } from "ethers";
import { RpcError, type Json } from "../kit";
import { KNOWN, roleNames, statusOf } from "./contracts";

/** A transaction that came to nothing, with the reason in words. */
export class Refused extends Error {
  constructor(
    reason: string,
    /** The custom error of the contract, where it gave one. */
    readonly code?: string,
  ) {
    super(reason);
    this.name = "Refused";
  }
}

/** The data of a reverted call, where the failure has some. */
export function revertData(failure: unknown): string | undefined {
  return failure instanceof RpcError ? hexOf(failure.data) : undefined;
}

function hexOf(data: Json): string | undefined {
  return typeof data === "string" && data.startsWith("0x") ? data : undefined;
}

/**
 * What a contract says when it refuses.
 *
 * @param data of the revert
 * @param nameOf who an address is
 */
export function reasonOf(data: string, nameOf: (address: string) => string): Refused {
  for (const { contract } of KNOWN) {
    const error = contract.abi.parseError(data);
    if (error !== null) {
      return new Refused(sentenceOf(error.name, error.args, nameOf), error.name);
    }
  }
  return new Refused(data === "0x" ? "The contract refuses, and gives no reason." : `The contract refuses: ${data}`);
}

function sentenceOf(name: string, args: Result, nameOf: (address: string) => string): string {
  switch (name) {
    case "MissingRole":
      return `${nameOf(args[0] as string)} has not the role that this needs: ${roleNames(Number(args[1]))}.`;
    case "WrongStatus": {
      const [is, needed] = [args[0], args[1]].map((status) => statusOf(status as bigint).toLowerCase());
      return `The order is ${is}; it would have to be ${needed}.`;
    }
    case "NotTheApprover":
      return `Only ${nameOf(args[1] as string)} approves this order, and this is ${nameOf(args[0] as string)}.`;
    case "ApproverIsBuyer":
      return "Who buys does not approve: choose another approver.";
    case "NoLines":
      return "The order has no products.";
    case "NoQuantity":
      return `Product ${String(args[0])} has no quantity.`;
    case "UnknownProduct":
      return `No product has the UPC ${String(args[0])}.`;
    case "LastAdministrator":
      return "The last owner would go.";
    default:
      return args.length === 0 ? `${name}.` : `${name}: ${args.map(String).join(", ")}.`;
  }
}
