/**
 * Tracers as geth has them: what a transaction did, as the JSON that debuggers and explorers know.
 *
 * <p>Each class here is a {@link coco.evm.Tracer}, made for one transaction, handed to {@link
 * coco.evm.transition.TransactionExecutor#trace}, and asked for its {@link coco.evm.tracing.TraceResult} when that is
 * over. {@code StructLogTracer} tells every instruction, {@code CallTracer} the tree of calls, {@code PrestateTracer}
 * the accounts and slots that were looked at and how they changed, {@code FourByteTracer} the selectors that were
 * called, and {@code JsonLinesTracer} writes every instruction as it happens (EIP-3155). Names of fields, forms of
 * numbers and what is left out when it is empty are those of {@code debug_traceTransaction} in geth; the execution
 * APIs' specification holds where both differ (memory as words with 0x, a limit in steps).
 *
 * <p>Three more are OpenEthereum's: {@code FlatCallTracer} tells calls as a list ({@code trace}), {@code
 * StateDiffTracer} what changed ({@code stateDiff}), {@code VmTracer} what each instruction did ({@code vmTrace});
 * {@code JointTracer} lets several watch at once. Tracers of calls and selectors cost next to nothing beside the
 * execution; all others need single steps.
 *
 * <p>A result is a tree of maps, lists, strings, numbers, truth values and nulls in the order of geth's fields, so that
 * any JSON library can write it. {@link coco.evm.tracing.TraceJson} writes it too, and without recursion: a call tree
 * may be 1,024 deep, twice that in JSON, and common libraries refuse or overflow the stack long before.
 *
 * <p>What always holds: the outcome of the transaction is that of an execution without tracer, and no tracer keeps
 * more than its {@link coco.evm.tracing.TraceLimits}, whatever the contract does. A trace that would be larger is no
 * trace but {@link coco.evm.tracing.TraceResult.TooLarge}; the execution then goes on at full speed.
 *
 * <p>What this package does not do: it finds no transactions and no states (whoever serves {@code debug_*} does), and
 * runs no JavaScript.
 */
@NullMarked
package coco.evm.tracing;

import org.jspecify.annotations.NullMarked;
