@NullMarked
package coco.ledgers.kv;

import org.jspecify.annotations.NullMarked;
