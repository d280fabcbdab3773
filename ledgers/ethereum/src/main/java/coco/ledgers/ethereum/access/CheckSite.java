package coco.ledgers.ethereum.access;

import coco.evm.BlockEnvironment;
import coco.evm.state.WorldState;
import coco.evm.transition.ChainRules;

/**
 * Where contracts are asked.
 *
 * @param world the accounts
 * @param rules by which their code runs
 * @param environment the block that they see
 */
public record CheckSite(WorldState world, ChainRules rules, BlockEnvironment environment) {}
