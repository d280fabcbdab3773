/**
 * Looks in compiled contracts for mistakes by which they give confidential data away: {@code coco access lint}.
 *
 * <p>What is read is what Solidity's compiler writes: its standard output, or the artifact of a build tool, with the
 * interface (ABI) and, for all rules, the syntax tree. No compiler runs here. The rules are about the answers that Coco
 * asks for ({@code ICocoAccess}) and about what a contract without them shows to everybody.
 *
 * <p><b>What it cannot do.</b> A finding is a place to look at, and none is no proof: it follows names and
 * conditions, and does not execute. It is careful the other way round only where the library's own contracts would be
 * found: what depends on state alone is left to whoever wrote it.
 */
@NullMarked
package coco.cli.access.lint;

import org.jspecify.annotations.NullMarked;
