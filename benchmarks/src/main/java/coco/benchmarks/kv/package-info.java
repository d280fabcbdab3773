/**
 * What the ordered maps of {@code coco.kv} cost, beside HashMap, TreeMap and pcollections: time of a get and a put,
 * bytes per entry, and pauses of the collector. Keys are random; a get takes keys in another order than they were put,
 * from memory laid out in that order, so that the cost is the map's and not that of fetching the key.
 */
@NullMarked
package coco.benchmarks.kv;

import org.jspecify.annotations.NullMarked;
