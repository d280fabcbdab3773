/** Tests of the interface that ledgers are written against. */
@NullMarked
package coco.ledgers.api;

import org.jspecify.annotations.NullMarked;
