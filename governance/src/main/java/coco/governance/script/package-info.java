/**
 * A consortium's own rules in JavaScript, run where they can do no harm: in a child process.
 *
 * <p><b>What.</b> {@link coco.governance.script.RuleModule} asks a module its three questions: is a proposal valid
 * ({@code validate}), where does its vote stand ({@code resolve}), and what does it do ({@code apply}, which gives the
 * actions). {@link coco.governance.script.ScriptEngineProcess} answers one call; {@link
 * coco.governance.script.ChildProcessEngine} does it in a child JVM of the same class path.
 *
 * <p><b>Why a child.</b> The engine cannot limit memory, and a module is a stranger's program. A child has a heap, a
 * processor and a time limit of its own, is killed when it passes one, and takes nothing with it.
 *
 * <p><b>Invariants.</b> Every call gets a fresh context: nothing is remembered from one to the next. A module sees its
 * arguments and the language, and neither time, randomness, files, network nor Java. Whatever it does, the answer is a
 * {@link coco.governance.script.ScriptOutcome} of bounded size within a bounded time. The words of a failure do not
 * depend on the machine where the limit is one of statements.
 *
 * <p><b>What it does not do.</b> It does not make two machines agree: only the leader asks, and records the outcome.
 */
@NullMarked
package coco.governance.script;

import org.jspecify.annotations.NullMarked;
