/**
 * What the machine costs: pure arithmetic, hashing, wide division, memory, whole token transfers through the state
 * transition, and each precompiled contract. Figures and how to run: docs/design/evm.md. All programs run in one
 * process on purpose: a loop that has seen only one of them is compiled for that one, and twice as fast as it will ever
 * be in a node.
 */
@NullMarked
package coco.benchmarks.evm;

import org.jspecify.annotations.NullMarked;
