/**
 * Documents of governance: how text becomes a tree, a tree becomes values, and a tree becomes bytes again.
 *
 * <p><b>What.</b> {@link coco.governance.document.Documents} reads JSON, and YAML where people write; {@link
 * coco.governance.document.Fields} takes one object of a tree apart and refuses what nobody asked for; {@link
 * coco.governance.document.CanonicalJson} gives every tree its one byte form, over which digests are made.
 *
 * <p><b>Invariants.</b> Everything that is wrong with a document is a {@link
 * coco.governance.document.DocumentException} that begins with the path of the value. Size and nesting are bounded
 * before a tree is made. Nothing is guessed: repeated keys, unknown keys, and YAML that two readers could take for two
 * things are refused.
 *
 * <p><b>What it does not do.</b> It knows no constitution, no rule and no message.
 */
@NullMarked
package coco.governance.document;

import org.jspecify.annotations.NullMarked;
