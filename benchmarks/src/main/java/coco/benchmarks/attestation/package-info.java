/** What it takes to judge evidence: public samples with their own collateral, at a time when it held. */
@NullMarked
package coco.benchmarks.attestation;

import org.jspecify.annotations.NullMarked;
