/** Tests of the Ratis implementation: three servers in one process, on loopback, with mutual TLS. */
@NullMarked
package coco.consensus.ratis;

import org.jspecify.annotations.NullMarked;
