/** Tests of the maps, against models that are too simple to be wrong. */
@NullMarked
package coco.kv;

import org.jspecify.annotations.NullMarked;
