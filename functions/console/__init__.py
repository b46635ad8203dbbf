from prooftrail.runtime.startup import collect_rarely

collect_rarely()
