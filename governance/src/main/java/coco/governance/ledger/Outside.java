package coco.governance.ledger;

import coco.governance.RaftNodes;
import coco.governance.script.ScriptEngineProcess;

/** What a judgement takes from outside the state. It is recorded, so that the judgement can be repeated. */
interface Outside {
    RaftNodes raftNodes();

    ScriptEngineProcess scripts();
}
