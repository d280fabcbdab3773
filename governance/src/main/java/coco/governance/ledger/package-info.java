/**
 * The administrative ledger: members' signed messages become transactions, and the constitution changes by them.
 */
@NullMarked
package coco.governance.ledger;

import org.jspecify.annotations.NullMarked;
