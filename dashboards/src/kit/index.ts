/** What pages are made of. Charts are in "./charts", which weighs more than all of this together. */
export * from "./connection";
export * from "./field";
export * from "./format";
export * from "./hash";
export * from "./http";
export * from "./keep";
export * from "./node";
export * from "./poll";
export * from "./rpc";
export * from "./shell";
export * from "./states";
export * from "./table";
